import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import cases from './corpus/field-cases.json';
import { pending } from './corpus/field-cases-pending';

/** Small made-up inputs, each of a kind that reports, logs and mails of the field brought up. */
describe('what the field writes', () => {
  for (const { id, input, expected } of cases) {
    const found = () => extractIocs(input).iocs.map(({ type, value }) => `${type} ${value}`);

    if (pending.has(id)) it.skip(`${id}: not yet found as a person would`);
    else {
      it(`${id}: ${JSON.stringify(input).slice(0, 90)}`, () => {
        expect(found()).to.have.members(expected);
      });
    }
  }

  it('holds each case of the pending list, once', () => {
    const ids = cases.map(({ id }) => id);
    expect(new Set(ids)).to.have.property('size', cases.length);
    expect([...pending].filter((id) => !ids.includes(id))).to.deep.equal([]);
  });
});
