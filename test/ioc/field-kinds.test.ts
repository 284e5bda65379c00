import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import * as commands from '../../tools/ioc-corpus/commands-and-headers';
import * as hashes from '../../tools/ioc-corpus/hashes-and-ids';
import * as lists from '../../tools/ioc-corpus/lists-of-indicators';
import * as names from '../../tools/ioc-corpus/versions-and-services';

const groups = { ...commands, ...hashes, ...lists, ...names };

/** Neighbors of the field's cases: the same kind of fault in other products' words. */
describe("Other spellings of the field's kinds of input", () => {
  for (const [name, rows] of Object.entries(groups)) {
    describe(name, () => {
      for (const [value, ...expected] of rows) {
        it(JSON.stringify(value).slice(0, 110), () => {
          const { iocs, skipped } = extractIocs(value);
          const found = iocs.map((ioc) => `${ioc.type} ${ioc.value}`);
          const kept = skipped.map((ioc) => `skipped ${ioc.type} ${ioc.value}`);
          expect([...found, ...kept]).to.deep.equal(expected);
        });
      }
    });
  }
});
