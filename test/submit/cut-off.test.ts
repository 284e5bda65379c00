import { expect } from 'chai';
import { resumeSubmission, startSubmission } from '../../src/submit/submission';
import type { Fault } from '../../tools/fake-virustotal/faults';
import { failureOf } from '../api/failing';
import { UploadLine } from '../support/upload-line';
import { bytesFile, withSubmissions } from './with-submissions';

const URL = 'https://evil.example.com/login';
/** Longer than what is handed on in one go. */
const LARGE = 'x'.repeat(300_000);

describe('A submission whose line fails', () => {
  const fixture = withSubmissions();
  /** Plays a fault to everything that is sent, however often. */
  const failPosts = (fault: Fault): void =>
    fixture.vt.script((request) => (request.method === 'POST' ? fault : undefined));
  const posts = (): string[] => fixture.asked().filter((one) => one.startsWith('POST'));

  for (const [what, cutBody] of [
    ['after its headers', 0],
    ['after the first byte', 1],
    ['in the header of the part', 60],
    ['after the first piece', 70_000],
    ['in the middle', 150_000],
    ['in the last piece', 300_100],
    ['after its end', Infinity],
  ] as const) {
    it(`${what} has not arrived, is sent once and says so`, async () => {
      failPosts({ cutBody: cutBody === Infinity ? 10_000_000 : cutBody });
      const error = await failureOf(fixture.submit(await bytesFile(LARGE)).result);
      expect(error).to.include({ code: 'VT_NETWORK', retryable: false, mayHaveArrived: true });
      expect(error.message).to.include('may have arrived').and.to.include('not sent again');
      expect(posts()).to.deep.equal(['POST files']);
      expect(fixture.taken()).to.equal(0);
    });
  }

  it('at any byte of its body is sent once and says so', async () => {
    // More than the body of a file of one byte has.
    const cuts = Array.from({ length: 400 }, (_, n) => n);
    let next = 0;
    fixture.vt.script(({ method }) => (method === 'POST' ? { cutBody: next++ } : undefined));
    const ends = cuts.map(async (n) => failureOf(fixture.submit(await bytesFile(`cut ${n}`)).result));
    for (const error of await Promise.all(ends))
      expect(error).to.include({ code: 'VT_NETWORK', retryable: false, mayHaveArrived: true });
    expect(posts()).to.have.length(cuts.length);
    expect(fixture.taken()).to.equal(0);
  });

  it('at any byte of its headers and its body is sent once and says so', async () => {
    // More than the headers and the body of a file of some bytes have.
    const cuts = Array.from({ length: 800 }, (_, n) => n);
    const line = await new UploadLine((post) => ({ cutAfter: post })).listen(
      Number(new globalThis.URL(fixture.vt.origin).port),
    );
    try {
      const service = fixture.service({ apiUrl: `${line.origin}/api/v3/`, timeout: 250_000 });
      const codes = new Map<string, number>();
      const ends = cuts.map(async (n) => {
        const { result } = startSubmission(service, await bytesFile(`cut ${n}`), { wait: false });
        const end = await result.then(
          () => 'sent',
          ({ code, retryable, mayHaveArrived }: Record<string, unknown>) =>
            [code, retryable, mayHaveArrived].join(' '),
        );
        codes.set(end, (codes.get(end) ?? 0) + 1);
      });
      await Promise.all(ends);
      expect([...codes.keys()].sort()).to.deep.equal(['VT_NETWORK false true', 'sent']);
      expect(line.posts).to.equal(cuts.length);
      // Where the cut comes after the last byte, all has arrived.
      expect(codes.get('sent')).to.be.greaterThan(0);
      expect(fixture.taken()).to.equal(codes.get('sent'));
      expect(new Set(fixture.vt.submissions.map(({ sha256 }) => sha256)).size).to.equal(
        fixture.vt.submissions.length,
      );
    } finally {
      await line.close();
    }
  });

  for (const [what, fault] of [
    ['the answer is lost', { cut: 'before' }],
    ['half of the answer is lost', { cut: 'half' }],
    ['the answer is a web page', { html: true }],
    ['a 500 comes although it was taken', { status: 500, done: true }],
    ['a 502 comes although it was taken', { status: 502, done: true }],
    ['a 503 comes although it was taken', { status: 503, done: true }],
    ['a 504 comes', { status: 504 }],
    ['a 408 comes although it was taken', { status: 408, done: true }],
    ['it is redirected although it was taken', { redirect: '/api/v3/files', done: true }],
  ] as [string, Fault][]) {
    for (const kind of ['file', 'url'] as const) {
      it(`gets the report of a ${kind} when ${what}`, async () => {
        failPosts(fault);
        const target = kind === 'file' ? await bytesFile('taken') : ({ kind: 'url', url: URL } as const);
        const result = await fixture.submit(target).result;
        expect(result).to.include({ submitted: true });
        expect(result.report).to.include({ response_code: 1 });
        expect(posts()).to.have.length(1);
        expect(fixture.taken()).to.equal(1);
      });
    }
  }

  for (const status of [500, 502, 503]) {
    it(`ends with VT_SERVER after a ${status}, and is not sent again`, async () => {
      failPosts({ status });
      const error = await failureOf(fixture.submit(await bytesFile('refused')).result);
      expect(error).to.include({ code: 'VT_SERVER', status, retryable: false, mayHaveArrived: true });
      expect(posts()).to.have.length(1);
    });
  }

  it('ends with VT_TIMEOUT when no answer comes, and is not sent again', async () => {
    failPosts({ delayMs: 'forever', done: false });
    const service = fixture.service({ timeout: 2000 });
    const error = await failureOf(startSubmission(service, await bytesFile('slow')).result);
    expect(error).to.include({ code: 'VT_TIMEOUT', retryable: false, mayHaveArrived: true });
    expect(posts()).to.have.length(1);
  });

  it('gets the report when no answer comes although it was taken', async () => {
    failPosts({ delayMs: 'forever', done: true });
    const service = fixture.service({ timeout: 2000 });
    const result = await startSubmission(service, await bytesFile('slow and taken')).result;
    expect(result.report).to.include({ response_code: 1 });
    expect(posts()).to.have.length(1);
    expect(fixture.taken()).to.equal(1);
  });

  it('is sent again after a 429, which says that it was not taken', async () => {
    let refusals = 0;
    fixture.vt.script(({ method }) => (method === 'POST' && refusals++ < 2 ? { status: 429 } : undefined));
    const result = await fixture.submit(await bytesFile('later')).result;
    expect(result.report).to.include({ response_code: 1 });
    expect(posts()).to.have.length(3);
    expect(fixture.taken()).to.equal(1);
  });

  for (const [status, code] of [
    [400, 'VT_REQUEST'],
    [403, 'VT_FORBIDDEN'],
    [413, 'VT_REQUEST'],
  ] as const) {
    it(`ends with ${code} after a ${status}, which says that it was not taken`, async () => {
      failPosts({ status });
      const error = await failureOf(fixture.submit(await bytesFile('no')).result);
      expect(error).to.include({ code, status, retryable: false });
      expect(error).not.to.have.property('mayHaveArrived');
      expect(posts()).to.have.length(1);
    });
  }

  it('gives an early refusal as the reason, while the body is still on its way', async () => {
    failPosts({ status: 413, early: true });
    const error = await failureOf(fixture.submit(await bytesFile(LARGE)).result);
    expect(error.retryable).to.equal(false);
    expect(posts()).to.have.length(1);
  });

  it('gets its report although polls fail', async () => {
    let polls = 0;
    fixture.vt.script(({ path }) =>
      path.includes('/analyses/') && !path.includes('/item') && polls++ < 3
        ? [{ status: 503 }, { cut: 'before' as const }, { html: true }][polls - 1]
        : undefined,
    );
    const result = await fixture.submit({ kind: 'url', url: URL }).result;
    expect(result.report).to.include({ response_code: 1 });
    expect(fixture.taken()).to.equal(1);
  });

  it('does not say that it was scanned again when the answer is lost and the report is the old one', async () => {
    fixture.vt.know(URL, { malicious: 3, scannedAt: 1_577_836_800 });
    failPosts({ status: 502 });
    const target = { kind: 'rescan', indicator: { type: 'url', value: URL } } as const;
    const error = await failureOf(fixture.submit(target).result);
    expect(error).to.include({ code: 'VT_SERVER', mayHaveArrived: true });
    expect(posts()).to.have.length(1);
  });
});

describe('A restart', () => {
  const fixture = withSubmissions();

  it('goes on with the analysis, and sends nothing again', async () => {
    fixture.vt.planAnalyses({ queued: Infinity });
    const before = fixture.service();
    const submission = startSubmission(before, await bytesFile('kept'));
    const failed = failureOf(submission.result);
    await new Promise<void>((resolve) => {
      submission.onStage = ({ stage }) => {
        if (stage === 'queued') resolve();
      };
    });
    const pending: unknown = JSON.parse(JSON.stringify(submission.pending()));
    await before.close();
    expect(await failed).to.include({ code: 'VT_CLOSED' });
    fixture.vt.completeAnalyses();
    const resumed = resumeSubmission(fixture.service(), pending as never);
    const result = await resumed.result;
    expect(result).to.include({ submitted: true });
    expect(result.report).to.include({ response_code: 1 });
    expect(fixture.taken()).to.equal(1);
    expect(fixture.vt.submissions).to.have.length(1);
  });

  for (const isTaken of [true, false]) {
    it(`between sending and its answer asks for the report (${isTaken ? 'it has' : 'it has not'} arrived)`, async () => {
      const file = await bytesFile('in between');
      fixture.vt.script(({ method }) =>
        method === 'POST' ? { delayMs: 'forever', done: isTaken } : undefined,
      );
      const before = fixture.service();
      const submission = startSubmission(before, file);
      const failed = failureOf(submission.result);
      const leaves = new Promise<unknown>((resolve) => {
        submission.onStage = ({ stage }) => {
          if (stage === 'uploading') resolve(JSON.parse(JSON.stringify(submission.pending())));
        };
      });
      const pending = (await leaves) as { target: unknown };
      expect(pending.target).to.deep.equal({ kind: 'file', type: 'file', value: file.sha256 });
      expect(pending).not.to.have.property('analysisId');
      while (fixture.taken() < (isTaken ? 1 : 0)) await new Promise((resolve) => setImmediate(resolve));
      await before.close();
      expect(await failed).to.include({ code: 'VT_CLOSED', mayHaveArrived: true });
      fixture.vt.script([]);
      const { result } = resumeSubmission(fixture.service(), pending as never);
      if (isTaken) expect((await result).report).to.include({ response_code: 1 });
      else expect(await failureOf(result)).to.include({ code: 'VT_NETWORK', mayHaveArrived: true });
      expect(fixture.taken()).to.equal(isTaken ? 1 : 0);
    });
  }
});
