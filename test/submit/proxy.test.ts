import { mkdtempSync, openSync, ftruncateSync, closeSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { HostOptions } from '../../src/lookup/options';
import { fileTarget } from '../../src/submit/file-target';
import { startSubmission } from '../../src/submit/submission';
import { ConnectProxy } from '../api/connect-proxy';
import { bytesFile, withSubmissions } from './with-submissions';

/** A name that only the proxy can resolve. */
const HOST = 'virustotal.test';
const VARIABLES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];

describe('A submission through a proxy', () => {
  const fixture = withSubmissions();
  let proxy: ConnectProxy;
  let port = 0;
  let folder = '';
  const before: Record<string, string | undefined> = {};
  beforeEach(async () => {
    port = Number(new URL(fixture.vt.origin).port);
    proxy = await new ConnectProxy({ port, credentials: 'anna:pa55word' }).listen();
    folder = mkdtempSync(join(tmpdir(), 'submit-'));
    for (const name of VARIABLES) {
      before[name] = process.env[name];
      delete process.env[name];
    }
  });
  afterEach(async () => {
    for (const name of VARIABLES) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    rmSync(folder, { recursive: true, force: true });
    await proxy.close();
  });

  const withConfig = (): Partial<HostOptions> => ({
    proxy: { url: proxy.url, username: 'anna', password: 'pa55word' },
  });
  const withEnvironment = (): Partial<HostOptions> => {
    process.env['HTTP_PROXY'] = `http://anna:pa55word@${proxy.host}`;
    return {};
  };
  /** Takes no room on the disk. */
  const sparse = (bytes: number): string => {
    const path = join(folder, 'sample.bin');
    const file = openSync(path, 'w');
    ftruncateSync(file, bytes);
    closeSync(file);
    return path;
  };

  for (const [where, options] of [
    ['of the config', withConfig],
    ['of the environment', withEnvironment],
  ] as const) {
    it(`${where} sends a URL and a small file by POST, and waits for the reports`, async () => {
      const service = fixture.service({ apiUrl: `http://${HOST}:${port}/api/v3/`, ...options() });
      const file = await bytesFile('through a proxy', 'order.exe');
      const url = { kind: 'url', url: 'https://evil.example.com/login' } as const;
      for (const target of [file, url]) {
        const { report, submitted } = await startSubmission(service, target).result;
        expect(submitted).to.equal(true);
        expect(report).to.include({ response_code: 1 });
      }
      expect(fixture.taken()).to.equal(2);
      expect(fixture.vt.submissions[0]).to.include({ sha256: file.sha256, name: 'order.exe' });
      expect(new Set(proxy.asked)).to.deep.equal(new Set([`${HOST}:${port}`]));
    });

    it(`${where} streams a large file to its upload address`, async () => {
      const service = fixture.service({ apiUrl: `http://${HOST}:${port}/api/v3/`, ...options() });
      const file = await fileTarget({ path: sparse(33_000_000) });
      const { submitted } = await startSubmission(service, file, { wait: false }).result;
      expect(submitted).to.equal(true);
      expect(fixture.vt.submissions).to.have.length(1);
      expect(fixture.vt.submissions[0]).to.include({ sha256: file.sha256, size: 33_000_000, taken: true });
      expect(fixture.asked()).to.include('GET files/upload_url').and.not.include('POST files');
      expect(new Set(proxy.asked)).to.deep.equal(new Set([`${HOST}:${port}`]));
    });
  }

  it('that refuses the password ends before anything has left', async () => {
    const service = fixture.service({
      apiUrl: `http://${HOST}:${port}/api/v3/`,
      proxy: { url: proxy.url, username: 'anna', password: 'wr0ng-word' },
    });
    const error: unknown = await startSubmission(service, await bytesFile('kept here')).result.catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ code: 'VT_NETWORK' });
    expect(String(error)).to.not.include('wr0ng-word');
    expect(fixture.vt.requests).to.deep.equal([]);
  });
});
