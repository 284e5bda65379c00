import { expect } from 'chai';
import { inProcess } from './in-process';
import type { LargeFindings } from './large-answers-process';

const MIB = 1024 * 1024;

describe('A hundred simultaneous answers compressed by gzip', function () {
  for (const [mib, fate] of [
    [31, 'VT_BAD_RESPONSE'],
    [7, 'report'],
  ] as const) {
    it(`that unpack to ${mib} MiB each take less than 600 MiB: ${fate} for all`, async () => {
      const plan = { bytes: mib * MIB, answers: 100 };
      const { fates, memory } = await inProcess<LargeFindings>('large-answers-process.ts', plan);
      expect(fates).to.deep.equal({ [fate]: 100 });
      expect(memory).to.be.below(600 * MIB);
    });
  }
});
