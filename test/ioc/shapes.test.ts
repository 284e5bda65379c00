import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import type { Row } from '../../tools/ioc-corpus/case';
import * as urls from '../../tools/ioc-corpus/url-shapes';

const KINDS: Readonly<Record<string, readonly Row[]>> = {
  'how a URL begins': urls.starts,
  'where a URL ends': urls.ends,
  'where a link leads': urls.links,
  'what was done to a name': urls.disguises,
  'what is percent-encoded': urls.encoded,
  'names and addresses in their place': urls.names,
  'a host with a path and without a scheme': urls.withoutScheme,
};

/** Neighbors of what the field writes: each kind in more shapes than reports happened to have. */
describe('A search understands', () => {
  for (const [kind, rows] of Object.entries(KINDS)) {
    describe(kind, () => {
      for (const [value, ...expected] of rows) {
        it(JSON.stringify(value).slice(0, 110), () => {
          expect(extractIocs(value).iocs.map((ioc) => `${ioc.type} ${ioc.value}`)).to.deep.equal(expected);
        });
      }
    });
  }
});

describe('A link to an analysis page', () => {
  it('is no indicator, and the search says so when it names none', () => {
    const { iocs, skipped } = extractIocs('https://urlscan.io/result/0e37e828-a9d9-45c0-ac50-1ca579b86c72/');
    expect(iocs).to.deep.equal([]);
    expect(skipped.map(({ reason }) => reason)).to.deep.equal([
      'link to an analysis that names no indicator',
    ]);
  });
});
