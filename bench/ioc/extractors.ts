import { createRequire } from 'node:module';
import { extractIOC } from 'ioc-extractor';
import { LinkifyIt } from 'linkify-it';
import type * as Sources from '../../src/ioc/extract';
import { foundIn } from '../../tools/ioc-corpus/found';

/** A way to find indicators in a text: what it finds, each as `domain baddomain.com`, spelled as it gives it. */
export interface Extractor {
  name: string;
  find(text: string): unknown;
  list(text: string): string[];
}

// What users run, and not the sources through a loader.
const { extractIocs } = createRequire(__filename)('../../dist/src/ioc/extract.js') as typeof Sources;

// The guard is not what is compared: none of the others has one.
const OPTIONS = { skipPrivate: false } as const;

const ours: Extractor = {
  name: 'this package',
  find: (text) => extractIocs(text, OPTIONS),
  list: (text) => foundIn(extractIocs(text, OPTIONS)),
};

const iocExtractor: Extractor = {
  name: 'ioc-extractor',
  find: (text) => extractIOC(text),
  list: (text) => {
    const found = extractIOC(text);
    return [
      ...found.domains.map((value) => `domain ${value}`),
      ...[...found.ipv4s, ...found.ipv6s].map((value) => `ip ${value}`),
      ...[...found.md5s, ...found.sha1s, ...found.sha256s].map((value) => `file ${value}`),
      ...found.urls.map((value) => `url ${value}`),
    ];
  },
};

const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: true }).add('ftp:', null);

/** The links of a text, as chat and mail programs find them; it knows no hashes. */
const linkifyIt: Extractor = {
  name: 'linkify-it',
  find: (text) => linkify.match(text),
  list: (text) =>
    (linkify.match(text) ?? []).flatMap(({ schema, raw, url }) => {
      if (/^(?:https?|ftp):$/.test(schema)) return [`url ${url}`];
      if (schema !== '' && schema !== '//') return [];
      const host = raw.replace(/^\/\//, '').replace(/[:/?#].*$/s, '');
      return [/^[\d.]+$/.test(host) ? `ip ${host}` : `domain ${host}`];
    }),
};

export const extractors: readonly Extractor[] = [ours, iocExtractor, linkifyIt];
