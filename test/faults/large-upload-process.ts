// A file of hundreds of megabytes is uploaded in a process of its own, see large-upload.test.ts.
import { mkdtempSync, openSync, ftruncateSync, closeSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirusTotalService } from '../../src/lookup/service';
import { fileTarget } from '../../src/submit/file-target';
import { startSubmission } from '../../src/submit/submission';

export interface UploadPlan {
  bytes: number;
}

export interface UploadFindings {
  /** Of the body of the upload. */
  received: number;
  /** What the process took more than before, at most, in bytes. */
  memory: number;
}

async function largeUpload({ bytes }: UploadPlan): Promise<UploadFindings> {
  let received = 0;
  const server = createServer((request, response) => {
    const { host = '' } = request.headers;
    const answer = (status: number, json: unknown): unknown =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    if (request.url?.endsWith('/files/upload_url')) answer(200, { data: `http://${host}/_ah/upload/1` });
    else if (request.method === 'POST')
      request
        .on('data', (piece: Buffer) => (received += piece.length))
        .on('end', () => answer(200, { data: { type: 'analysis', id: 'abc' } }));
    else answer(404, { error: { code: 'NotFoundError', message: 'unknown' } });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const service = new VirusTotalService({ apiKey: 'k'.repeat(64), apiUrl, rateLimit: false, dailyQuota: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'upload-'));
  try {
    // The modules that a submission needs are loaded before the memory is measured.
    await startSubmission(service, await fileTarget({ bytes: Buffer.from('small') }), { wait: false }).result;
    received = 0;
    const path = join(folder, 'sample.bin');
    const file = openSync(path, 'w');
    ftruncateSync(file, bytes);
    closeSync(file);
    const before = process.memoryUsage.rss();
    await startSubmission(service, await fileTarget({ path }), { wait: false }).result;
    return { received, memory: process.resourceUsage().maxRSS * 1024 - before };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await service.close();
    server.close();
  }
}

largeUpload(JSON.parse(process.argv[2] ?? '{}') as UploadPlan).then(
  (findings) => process.send?.({ findings }, () => process.exit(0)),
  (error: Error) => process.send?.({ error: error.stack }, () => process.exit(1)),
);
