// A file of hundreds of megabytes is uploaded in a process of its own, see large-upload.test.ts.
import { mkdtempSync, openSync, ftruncateSync, closeSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirusTotalService } from '../../src/lookup/service';
import { fileTarget } from '../../src/submit/file-target';
import { startSubmission } from '../../src/submit/submission';

export interface UploadPlan {
  bytes: number;
  apiUrl: string;
}

export interface UploadFindings {
  /** What the process took more than before, at most, in bytes. */
  memory: number;
}

async function largeUpload({ bytes, apiUrl }: UploadPlan): Promise<UploadFindings> {
  const service = new VirusTotalService({ apiKey: 'k'.repeat(64), apiUrl, rateLimit: false, dailyQuota: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'upload-'));
  try {
    // The modules that a submission needs are loaded before the memory is measured.
    await startSubmission(service, await fileTarget({ bytes: Buffer.from('small') }), { wait: false }).result;
    const path = join(folder, 'sample.bin');
    const file = openSync(path, 'w');
    ftruncateSync(file, bytes);
    closeSync(file);
    const before = process.memoryUsage.rss();
    await startSubmission(service, await fileTarget({ path }), { wait: false }).result;
    return { memory: process.resourceUsage().maxRSS * 1024 - before };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await service.close();
  }
}

largeUpload(JSON.parse(process.argv[2] ?? '{}') as UploadPlan).then(
  (findings) => process.send?.({ findings }, () => process.exit(0)),
  (error: Error) => process.send?.({ error: error.stack }, () => process.exit(1)),
);
