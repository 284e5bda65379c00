import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { inProcess } from './in-process';
import type { UploadFindings } from './large-upload-process';

const MIB = 1024 * 1024;

describe('The upload of a file of 650 MiB', function () {
  /** Of the body of the last upload. */
  let received = 0;
  const server = createServer((request, response) => {
    const { host = '' } = request.headers;
    const answer = (status: number, json: unknown): unknown =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    if (request.url?.endsWith('/files/upload_url'))
      return answer(200, { data: `http://${host}/_ah/upload/1` });
    if (request.method !== 'POST')
      return answer(404, { error: { code: 'NotFoundError', message: 'unknown' } });
    received = 0;
    return request
      .on('data', (piece: Buffer) => (received += piece.length))
      .on('end', () => answer(200, { data: { type: 'analysis', id: 'abc' } }));
  });

  before((done) => void server.listen(0, '127.0.0.1', done));
  after((done) => void server.close(done));

  // The server is in this process: what it receives is no memory of the one that sends.
  it('takes less than 100 MB of memory', async () => {
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { memory } = await inProcess<UploadFindings>('large-upload-process.ts', {
      bytes: 650 * MIB,
      apiUrl,
    });
    expect(received).to.be.greaterThan(650 * MIB);
    expect(memory).to.be.below(100_000_000);
  });
});
