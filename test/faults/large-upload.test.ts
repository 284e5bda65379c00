import { expect } from 'chai';
import { inProcess } from './in-process';
import type { UploadFindings } from './large-upload-process';

const MIB = 1024 * 1024;

describe('The upload of a file of 650 MiB', function () {
  it('takes less than 100 MB of memory', async () => {
    const { received, memory } = await inProcess<UploadFindings>('large-upload-process.ts', {
      bytes: 650 * MIB,
    });
    expect(received).to.be.greaterThan(650 * MIB);
    expect(memory).to.be.below(100_000_000);
  });
});
