import type { IocType } from '../../src/ioc/ioc';
import { recognizeIoc } from '../../src/ioc/recognize';
import type { Row } from '../../tools/ioc-corpus/case';
import type { Extractor } from './extractors';

export interface Score {
  found: number;
  right: number;
  wanted: number;
}

export const KINDS: readonly IocType[] = ['domain', 'ip', 'file', 'url'];

/**
 * Counts what an extractor finds of what is to be found, by kind. Spellings are forgiven: both are compared in canonical
 * form. With `lenient`, the host of a URL and the domain of a mail address are right where they stand, although the
 * corpus doesn't want them: others report them by design.
 */
export function score(extractor: Extractor, rows: readonly Row[], lenient: boolean): Map<IocType, Score> {
  const scores = new Map(KINDS.map((kind) => [kind, { found: 0, right: 0, wanted: 0 }]));
  for (const [value, ...expected] of rows) {
    const text = textOf(value);
    const wanted = new Set(expected.map((line) => line.replace(/^skipped /, '')).filter(isLookedUp));
    const forgiven = lenient ? hostsIn(text, wanted) : new Set<string>();
    const found = new Set(extractor.list(text).map(canonical));
    for (const line of found) {
      if (forgiven.has(line) && !wanted.has(line)) continue;
      const of = scores.get(kindOf(line));
      if (of === undefined) continue;
      of.found++;
      if (wanted.has(line)) of.right++;
    }
    for (const line of wanted) (scores.get(kindOf(line)) as Score).wanted++;
  }
  return scores;
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString() : (JSON.stringify(value) ?? '');
}

function kindOf(line: string): IocType {
  return line.slice(0, line.indexOf(' ')) as IocType;
}

/** A single label is for the guard to list, not to be found. */
function isLookedUp(line: string): boolean {
  return !/^domain [^.]+$/.test(line);
}

function canonical(line: string): string {
  const kind = kindOf(line);
  const recognized = recognizeIoc(kind, line.slice(kind.length + 1));
  return 'value' in recognized ? `${kind} ${recognized.value}` : line;
}

function hostsIn(text: string, wanted: ReadonlySet<string>): Set<string> {
  const hosts = [...wanted]
    .filter((line) => line.startsWith('url '))
    .map((line) => new URL(line.slice(4)).hostname);
  const mails = [...text.matchAll(/@([\w.-]+\.[a-z]{2,})/gi)].map((match) => (match[1] ?? '').toLowerCase());
  return new Set(
    [...hosts, ...mails].flatMap((host) => [`domain ${host}`, `ip ${host.replace(/^\[|\]$/g, '')}`]),
  );
}
