import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import * as commands from '../../tools/ioc-corpus/commands-and-headers';
import * as hashes from '../../tools/ioc-corpus/hashes-and-ids';
import * as lists from '../../tools/ioc-corpus/lists-of-indicators';
import * as names from '../../tools/ioc-corpus/versions-and-services';
import { foundIn, inAnyOrder } from '../../tools/ioc-corpus/found';

const groups = { ...commands, ...hashes, ...lists, ...names };

/** Neighbors of the field's cases: the same kind of fault in other products' words. */
describe("Other spellings of the field's kinds of input", () => {
  for (const [name, rows] of Object.entries(groups)) {
    describe(name, () => {
      for (const [value, ...expected] of rows) {
        it(JSON.stringify(value).slice(0, 110), () => {
          const extraction = extractIocs(value);
          const kept = extraction.skipped.map((ioc) => `skipped ${ioc.type} ${ioc.value}`);
          expect(inAnyOrder([...foundIn(extraction), ...kept])).to.deep.equal(inAnyOrder(expected));
        });
      }
    });
  }
});
