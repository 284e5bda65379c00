import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import cases from '../../tools/ioc-corpus/field-cases.json';
import { foundIn } from '../../tools/ioc-corpus/found';
import neighbors from '../../tools/ioc-corpus/field-neighbors.json';

/** Small made-up inputs, each of a kind that reports, logs and mails of the field brought up. */
describe('Small inputs from the field', () => {
  for (const { id, input, expected } of [...cases, ...neighbors]) {
    it(`${id}: ${JSON.stringify(input).slice(0, 90)}`, () => {
      const found = foundIn(extractIocs(input));
      expect(found).to.have.members(expected);
    });
  }
});
