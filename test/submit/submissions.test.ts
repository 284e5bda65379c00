import { expect } from 'chai';
import { startSubmission } from '../../src/submit/submission';
import type { SubmitStage } from '../../src/submit/stage';
import { failureOf } from '../api/failing';
import { bytesFile, stagesOf, withSubmissions } from './with-submissions';

const URL = 'https://evil.example.com/login';

describe('A submission', () => {
  const fixture = withSubmissions();

  it('of an unknown URL is looked up, sent, waited for and answered with its report', async () => {
    const stages: SubmitStage[] = [];
    const submission = fixture.submit({ kind: 'url', url: URL }, { onStage: (stage) => stages.push(stage) });
    const result = await submission.result;
    expect(result).to.include({ submitted: true, cached: false });
    expect(result.analysisId).to.be.a('string');
    expect(result.report).to.include({ type: 'url', resource: URL, response_code: 1 });
    expect(result.report?.positives).to.be.a('number');
    expect(fixture.asked()).to.deep.equal([
      'GET urls/*',
      'POST urls',
      'GET analyses/*',
      'GET analyses/*',
      'GET analyses/*',
      'GET analyses/*/item',
    ]);
    expect(stagesOf(stages)).to.deep.equal([
      'looking-up',
      'waiting',
      'uploading',
      'queued',
      'scanning',
      'done',
    ]);
    expect(submission.pending()).to.equal(undefined);
  });

  it('of an unknown file sends its bytes under its base name', async () => {
    const file = await bytesFile('harmless', 'C:\\Users\\jane\\Invoice "März".exe');
    const result = await fixture.submit(file).result;
    expect(result.report).to.include({ type: 'file', resource: file.sha256, sha256: file.sha256 });
    expect(fixture.vt.submissions).to.have.length(1);
    expect(fixture.vt.submissions[0]).to.deep.include({
      kind: 'file',
      sha256: file.sha256,
      size: 8,
      name: 'Invoice _März_.exe',
    });
  });

  it('of a file without a name calls it by its hash', async () => {
    const file = await bytesFile('nameless');
    await fixture.submit(file).result;
    expect(fixture.vt.submissions[0]?.name).to.equal(file.sha256);
  });

  it('sends the password of an archive', async () => {
    const file = { ...(await bytesFile('PK\u0003\u0004 archive', 'a.zip')), password: 'infected' };
    await fixture.submit(file).result;
    expect(fixture.vt.submissions[0]?.fields).to.deep.include({ password: 'infected' });
  });

  for (const when of ['unknown', 'older', 'always'] as const) {
    it(`never uploads a file that VirusTotal knows, with "${when}"`, async () => {
      const file = await bytesFile('known');
      fixture.vt.know(file.sha256, { malicious: 3, scannedAt: 1_577_836_800 });
      const result = await fixture.submit(file, { when, maxAgeDays: 30 }).result;
      expect(result.report).to.include({ resource: file.sha256, response_code: 1 });
      expect(result.submitted).to.equal(when !== 'unknown');
      expect(fixture.asked()).not.to.include('POST files');
      expect(fixture.asked().includes('POST files/*/analyse')).to.equal(when !== 'unknown');
    });
  }

  it('leaves the report of a young scan as it is, with "older"', async () => {
    const result = await (async () => {
      fixture.vt.know(URL, 4);
      return fixture.submit({ kind: 'url', url: URL }, { when: 'older', maxAgeDays: 36_500 }).result;
    })();
    expect(result).to.include({ submitted: false });
    expect(fixture.asked()).to.deep.equal(['GET urls/*']);
  });

  it('scans again without a look, and submits a URL that VirusTotal does not know', async () => {
    const result = await fixture.submit({ kind: 'rescan', indicator: { type: 'url', value: URL } }).result;
    expect(result).to.include({ submitted: true });
    expect(fixture.asked().slice(0, 2)).to.deep.equal(['POST urls/*/analyse', 'POST urls']);
  });

  it('ends with the report "unknown" for a hash to be scanned again that VirusTotal does not know', async () => {
    const { sha256: value } = await bytesFile('nowhere');
    const result = await fixture.submit({ kind: 'rescan', indicator: { type: 'file', value } }).result;
    expect(result).to.include({ submitted: false });
    expect(result.report).to.include({ response_code: 0, resource: value });
  });

  it('scans a domain again', async () => {
    fixture.vt.know('example.com', 2);
    const indicator = { type: 'domain', value: 'example.com' } as const;
    const result = await fixture.submit({ kind: 'rescan', indicator }).result;
    expect(result.report).to.include({ type: 'domain', response_code: 1 });
  });

  it('ends with the id when it is not to wait', async () => {
    const result = await fixture.submit({ kind: 'url', url: URL }, { wait: false }).result;
    expect(result).to.have.all.keys('analysisId', 'submitted', 'cached', 'waitedMs');
    expect(fixture.asked()).to.deep.equal(['GET urls/*', 'POST urls']);
  });

  it('is shared by messages with the same file at the same time: one upload, one poll loop', async () => {
    const file = await bytesFile('shared');
    const service = fixture.service();
    const results = await Promise.all(
      [1, 2, 3].map(() => startSubmission(service, file, {}).result.then(({ report }) => report?.positives)),
    );
    expect(new Set(results).size).to.equal(1);
    expect(fixture.asked().filter((one) => one === 'POST files')).to.have.length(1);
    expect(fixture.asked().filter((one) => one === 'GET analyses/*')).to.have.length(3);
    const again = await startSubmission(service, file, {}).result;
    expect(again).to.include({ submitted: false, cached: true });
    expect(again.report?.response_code).to.equal(1);
  });

  it('counts what is sent once, and can be refused there', async () => {
    let sent = 0;
    const count = (): void => void sent++;
    const file = await bytesFile('budget');
    const service = fixture.service();
    await Promise.all([1, 2].map(() => startSubmission(service, file, { beforeSend: count }).result));
    expect(sent).to.equal(1);
    const other = startSubmission(service, await bytesFile('too many'), {
      beforeSend: () => {
        throw new Error('no more today');
      },
    });
    const error: unknown = await other.result.catch((thrown: unknown) => thrown);
    expect(error).to.have.property('message', 'no more today');
    expect(fixture.vt.submissions).to.have.length(1);
  });

  it('ends with VT_TIMEOUT and the id of the analysis when the analysis takes too long', async () => {
    fixture.vt.planAnalyses({ queued: Infinity });
    const error = await failureOf(fixture.submit({ kind: 'url', url: URL }, { timeoutMs: 200 }).result);
    expect(error).to.include({ code: 'VT_TIMEOUT' });
    expect(error.analysisId).to.be.a('string');
    expect(error.message).to.include(error.analysisId);
  });

  it('waits while VirusTotal does not know the new id yet', async () => {
    fixture.vt.planAnalyses({ missing: 1 });
    const result = await fixture.submit({ kind: 'url', url: URL }).result;
    expect(result.report?.response_code).to.equal(1);
  });

  it('ends with an error when VirusTotal ends the analysis without a verdict', async () => {
    fixture.vt.planAnalyses({ end: 'corrupted file' });
    const error = await failureOf(fixture.submit(await bytesFile('broken')).result);
    expect(error).to.include({ code: 'VT_REQUEST', retryable: false });
    expect(error.message).to.include('corrupted file');
    expect(error.analysisId).to.be.a('string');
  });

  it('ends with VT_CLOSED when it is given up, and keeps what is pending', async () => {
    fixture.vt.planAnalyses({ queued: Infinity });
    const reset = new AbortController();
    const submission = fixture.submit(
      { kind: 'url', url: URL },
      { signal: reset.signal, onStage: ({ stage }) => stage === 'queued' && reset.abort() },
    );
    const error = await failureOf(submission.result);
    expect(error).to.include({ code: 'VT_CLOSED' });
    expect(error.analysisId).to.be.a('string');
    expect(submission.pending()).to.deep.include({
      analysisId: error.analysisId,
      target: { kind: 'url', type: 'url', value: URL },
      private: false,
    });
  });

  it('ends with VT_CLOSED when the service is closed between two polls', async () => {
    const service = fixture.service({ timeScale: 1 });
    let isQueued = (): void => undefined;
    const queued = new Promise<void>((resolve) => (isQueued = resolve));
    const onStage = ({ stage }: SubmitStage): void => {
      if (stage === 'queued') isQueued();
    };
    const { result } = startSubmission(service, { kind: 'url', url: URL }, { onStage });
    await queued;
    await service.close('The flow was stopped');
    expect(await failureOf(result)).to.include({ code: 'VT_CLOSED', message: 'The flow was stopped' });
  });

  it('is refused with API v2', async () => {
    const service = fixture.service({ apiVersion: 'v2', apiUrl: fixture.vt.url('v2') });
    const error = await failureOf(startSubmission(service, { kind: 'url', url: URL }).result);
    expect(error).to.include({ code: 'VT_CONFIG' });
    expect(error.message).to.include('API v3 needed');
  });

  for (const [what, url] of [
    ['a private address', 'http://10.0.0.1/x'],
    ['an internal name', 'http://wiki.corp/x'],
    ['something on the allow list', 'https://www.mycompany.com/x'],
  ] as const) {
    it(`of ${what} is refused`, async () => {
      const service = fixture.service({ allowList: 'mycompany.com' });
      const error = await failureOf(startSubmission(service, { kind: 'url', url }).result);
      expect(error).to.include({ code: 'VT_INVALID_IOC' });
      expect(fixture.asked()).to.deep.equal([]);
    });
  }
});
