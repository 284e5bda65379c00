import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CaughtMessage, Flow, FlowOptions, Message } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

const FILE = Buffer.from('MZ, a made-up program that nobody has seen');
const SHA256 = createHash('sha256').update(FILE).digest('hex');
const URL = 'https://fennick-signatures.org/new';

interface ReportLike {
  type: string;
  resource: string;
  response_code: number;
  positives?: number;
  analysisId?: string;
  error?: { code: string; message: string };
}

const report = (msg: Message | undefined): ReportLike => msg?.payload as ReportLike;
const metadata = (msg: Message | undefined): Record<string, unknown> =>
  msg?.['virustotal'] as Record<string, unknown>;
const code = (msg: CaughtMessage | undefined): string | undefined => msg?.error.code;

describe('A submit node', () => {
  const fixture = withStandIn();
  const deploy = (node: Record<string, unknown>, options: FlowOptions = {}): Promise<Flow> => {
    fixture.vt.reset({ unlisted: 'unknown' });
    return fixture.deploy({ ...options, node: { type: 'virustotal-submit', consent: true, ...node } });
  };
  const taken = (): number => fixture.vt.submissions.filter((one) => one.taken).length;
  /** Until VirusTotal has taken that many. */
  const takenTimes = async (flow: Flow, count: number): Promise<void> => {
    await flow.until(() => taken() >= count && /queued|scanning/.test(flow.statusText() ?? ''));
  };

  it('submits a URL that VirusTotal does not know and passes on its report in the same message', async () => {
    const flow = await deploy({ action: 'url' });
    fixture.vt.planAnalyses({ verdict: 7 });
    flow.send({ payload: URL, topic: 'ticket 12' });
    await flow.ended(1);
    expect(flow.caught).to.deep.equal([]);
    const [msg] = flow.out;
    expect(msg?.['topic']).to.equal('ticket 12');
    expect(report(msg)).to.include({ type: 'url', resource: URL, response_code: 1, positives: 7 });
    expect(metadata(msg)).to.include({
      action: 'url',
      type: 'url',
      resource: URL,
      submitted: true,
      cached: false,
    });
    expect(metadata(msg)['analysisId']).to.be.a('string');
    expect(metadata(msg)['waited']).to.be.a('number');
    expect(taken()).to.equal(1);
  });

  it('submits the bytes of a file by its base name', async () => {
    const flow = await deploy({ action: 'file' });
    fixture.vt.planAnalyses({ verdict: 3 });
    flow.send({ payload: FILE, filename: '/home/anna/secret project/order.exe' });
    await flow.ended(1);
    expect(flow.caught).to.deep.equal([]);
    expect(report(flow.out[0])).to.include({ type: 'file', response_code: 1, positives: 3 });
    expect(fixture.vt.submissions).to.have.length(1);
    expect(fixture.vt.submissions[0]).to.include({ sha256: SHA256, name: 'order.exe', taken: true });
    expect(metadata(flow.out[0])).to.include({ type: 'file', resource: SHA256, name: 'order.exe' });
  });

  for (const [what, payload] of [
    ['a Buffer that went through JSON', { type: 'Buffer', data: [...FILE] }],
    ['an attachment of the e-mail node', [{ filename: 'order.exe', content: FILE }]],
  ] as const)
    it(`takes the bytes of ${what}`, async () => {
      const flow = await deploy({ action: 'file', sourceType: 'bin' });
      flow.send({ payload });
      await flow.ended(1);
      expect(flow.caught.map(code)).to.deep.equal([]);
      expect(fixture.vt.submissions[0]).to.include({ sha256: SHA256 });
    });

  it('refuses what is no file, and several at once, and sends nothing', async () => {
    const flow = await deploy({ action: 'file' });
    const attachment = { filename: 'a.exe', content: FILE };
    for (const payload of ['text', 7, undefined, [], [attachment, attachment], Buffer.alloc(0)])
      flow.send({ payload });
    await flow.ended(6);
    expect(flow.caught.map(code)).to.deep.equal(Array(6).fill('VT_INVALID_IOC'));
    expect(fixture.vt.submissions).to.deep.equal([]);
  });

  it('passes on the report of what VirusTotal knows and submits nothing', async () => {
    const flow = await deploy({ action: 'file' });
    fixture.vt.know(SHA256, 12);
    flow.send({ payload: FILE });
    await flow.ended(1);
    expect(report(flow.out[0])).to.include({ response_code: 1, positives: 12 });
    expect(metadata(flow.out[0])).to.include({ submitted: false });
    expect(fixture.vt.submissions).to.deep.equal([]);
  });

  it('goes on at once with the id of the analysis if it is not to wait', async () => {
    const flow = await deploy({ action: 'url', wait: false });
    fixture.vt.planAnalyses({ queued: Infinity });
    flow.send({ payload: URL });
    await flow.ended(1);
    const { analysisId } = metadata(flow.out[0]);
    expect(analysisId).to.be.a('string');
    expect(flow.out[0]?.payload).to.deep.equal({ analysisId });
  });

  describe('with the action that takes what the report is about', () => {
    const REPORT = { type: 'file', resource: SHA256, response_code: 0 };

    for (const [what, message] of [
      [
        'the report at the property, bytes among the attachments',
        {
          payload: REPORT,
          attachments: [
            { filename: 'b.txt', content: Buffer.from('other') },
            { filename: 'order.exe', content: FILE },
          ],
        },
      ],
      [
        'msg.virustotal, bytes in the payload',
        { payload: FILE, virustotal: { type: 'file', resource: SHA256, name: 'order.exe' } },
      ],
      [
        'msg.analysis by MD5, bytes in the payload',
        {
          payload: FILE,
          filename: 'order.exe',
          analysis: { type: 'file', resource: createHash('md5').update(FILE).digest('hex') },
        },
      ],
    ] as const)
      it(`finds the file by ${what}`, async () => {
        const flow = await deploy({});
        flow.send(message);
        await flow.ended(1);
        expect(flow.caught.map(({ error }) => error.message)).to.deep.equal([]);
        expect(fixture.vt.submissions).to.have.length(1);
        expect(fixture.vt.submissions[0]).to.include({ sha256: SHA256, name: 'order.exe' });
      });

    it('says what is missing if the message does not have the bytes of an unknown file', async () => {
      const flow = await deploy({});
      flow.send({ payload: REPORT, attachments: [{ filename: 'b.txt', content: Buffer.from('other') }] });
      await flow.ended(1);
      expect(flow.caught[0]?.error.message).to.match(/File not in the message.*msg\.attachments/);
      expect(fixture.vt.submissions).to.deep.equal([]);
    });

    it('submits the URL of a report, and only looks a known domain up', async () => {
      const flow = await deploy({});
      fixture.vt.know('meridane-paper.net', 2);
      flow.send({ payload: { type: 'url', resource: URL, response_code: 0 } });
      await flow.ended(1);
      flow.send({ payload: { type: 'domain', resource: 'meridane-paper.net', response_code: 1 } });
      await flow.ended(2);
      expect(flow.caught).to.deep.equal([]);
      expect(fixture.vt.submissions).to.have.length(1);
      expect(report(flow.out[1])).to.include({ type: 'domain', response_code: 1, positives: 2 });
    });

    it('needs a report', async () => {
      const flow = await deploy({});
      flow.send({ payload: 'just text' });
      await flow.ended(1);
      expect(code(flow.caught[0])).to.equal('VT_INVALID_IOC');
      expect(flow.caught[0]?.error.message).to.match(/^No report/);
    });
  });

  it('asks for a new analysis of what was scanned too long ago, and never uploads a known file', async () => {
    for (const when of ['older', 'always']) {
      const flow = await deploy({ action: 'file', when, maxAgeDays: 30 });
      fixture.vt.know(SHA256, { malicious: 4, scannedAt: 1_577_836_800 });
      fixture.vt.planAnalyses({ verdict: 9 });
      flow.send({ payload: FILE });
      await flow.ended(1);
      expect(flow.caught.map(code)).to.deep.equal([]);
      expect(report(flow.out[0])).to.include({ positives: 9 });
      expect(metadata(flow.out[0])).to.include({ submitted: true });
      expect(fixture.vt.submissions).to.deep.equal([]);
      expect(fixture.vt.requests.filter(({ path }) => path.endsWith('/analyse'))).to.have.length(1);
      await fixture.undeploy();
    }
  });

  it('scans in private without a request in public, and says that a key has no license for it', async () => {
    const flow = await deploy({ action: 'file', private: true });
    fixture.vt.reset({ unlisted: 'unknown', privileges: ['private-scanning'] });
    flow.send({ payload: FILE });
    await flow.ended(1);
    expect(flow.caught.map(code)).to.deep.equal([]);
    expect(flow.out[0]?.payload).to.include({ response_code: 1, private: true });
    const asked = fixture.vt.requests.filter(({ path }) => !path.includes('/users/'));
    expect(asked.every(({ path }) => path.includes('/private/'))).to.equal(true);
    fixture.vt.reset({ unlisted: 'unknown', privileges: [] });
    flow.send({ payload: Buffer.from('another file') });
    await flow.ended(2);
    expect(flow.caught.map(code)).to.deep.equal(['VT_FORBIDDEN']);
    expect(flow.caught[0]?.error.message).to.include('private scanning');
    expect(fixture.vt.submissions.filter((one) => one.taken)).to.deep.equal([]);
  });

  it('submits a file by its path, below a folder of the config only', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'submit-')));
    try {
      mkdirSync(join(folder, 'in'));
      writeFileSync(join(folder, 'in', 'order.exe'), FILE);
      writeFileSync(join(folder, 'secret.exe'), FILE);
      const config = { fileRoots: join(folder, 'in') };
      const flow = await deploy({ action: 'file', sourceType: 'path', source: 'filename' }, { config });
      flow.send({ filename: join(folder, 'secret.exe') });
      await flow.ended(1);
      expect(flow.caught).to.have.length(1);
      expect(fixture.vt.submissions).to.deep.equal([]);
      flow.send({ filename: join(folder, 'in', 'order.exe') });
      await flow.ended(2);
      expect(flow.caught).to.have.length(1);
      expect(fixture.vt.submissions[0]).to.include({ sha256: SHA256, name: 'order.exe', taken: true });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tells an events node of each submission, with what and why', async () => {
    const more = [
      { id: 'e', z: 'tab', type: 'virustotal-events', kinds: 'submit', wires: [['events']] },
      { id: 'events', z: 'tab', type: 'helper' },
    ];
    const flow = await deploy({ action: 'url' }, { more });
    flow.send({ payload: URL });
    await flow.until(() => flow.at['events']?.length === 1);
    expect(flow.at['events']?.[0]?.payload).to.include({
      event: 'submitted',
      action: 'url',
      type: 'url',
      value: URL,
    });
    await flow.ended(1);
  });

  it('refuses private things, tokens, and files that the dialog does not allow', async () => {
    const flow = await deploy(
      { action: 'url' },
      {
        more: [
          {
            id: 'files',
            z: 'tab',
            type: 'virustotal-submit',
            server: 'vt',
            action: 'file',
            consent: true,
            extensions: 'pdf',
            wires: [['out']],
          },
        ],
      },
    );
    flow.send({ payload: 'http://intranet.corp.local/x' });
    flow.send({ payload: 'http://10.0.0.7/x' });
    flow.send({ payload: 'https://anna:secret@fennick-signatures.org/' });
    flow.nodeAt('files').receive({ payload: FILE, filename: 'order.exe' });
    await flow.ended(4);
    expect(flow.caught.map(code)).to.deep.equal(Array(4).fill('VT_INVALID_IOC'));
    expect(fixture.vt.submissions).to.deep.equal([]);
    expect(JSON.stringify(fixture.vt.requests)).to.not.match(/secret|corp|10\.0\.0\.7/);
  });

  it('sends no more in a day than it may, also after a deploy', async () => {
    const flow = await deploy({ action: 'url', maxPerDay: 2, wait: false });
    for (const path of ['a', 'b', 'c']) flow.send({ payload: URL + path });
    await flow.ended(3);
    expect(flow.caught.map(code)).to.deep.equal(['VT_QUOTA']);
    expect(flow.caught[0]?.error.message).to.match(/Maximum per day \(maxPerDay\) is 2/);
    await flow.redeploy({ n: { name: 'changed' } });
    flow.send({ payload: `${URL}d` });
    await flow.ended(4);
    expect(flow.caught.map(code)).to.deep.equal(['VT_QUOTA', 'VT_QUOTA']);
    await flow.until(() => flow.statusText() === 'limit per day reached');
    expect(taken()).to.equal(2);
  });

  it('ends with VT_TIMEOUT and the id of the analysis when it is not ready in time', async () => {
    const flow = await deploy({ action: 'url', timeout: 1 });
    fixture.vt.planAnalyses({ queued: Infinity });
    flow.send({ payload: URL });
    await flow.ended(1);
    expect(code(flow.caught[0])).to.equal('VT_TIMEOUT');
    expect(metadata(flow.caught[0])).to.include({ submitted: true });
    expect(metadata(flow.caught[0])['analysisId']).to.be.a('string');
  });

  it('passes on the -2 report then if it is set so, which Report Analysis sends to Report Error', async () => {
    const flow = await deploy(
      { action: 'url', timeout: 1, onError: 'report', wires: [['analysis']] },
      {
        more: [
          { id: 'analysis', z: 'tab', type: 'virustotal-report-analysis', wires: [[], [], [], [], ['out']] },
        ],
      },
    );
    fixture.vt.planAnalyses({ queued: Infinity });
    flow.send({ payload: URL });
    await flow.ended(1);
    expect(report(flow.out[0])).to.include({ type: 'url', resource: URL, response_code: -2 });
    expect(report(flow.out[0]).analysisId).to.equal(metadata(flow.out[0])['analysisId']);
    expect(flow.out[0]?.['analysis']).to.include({ verdict: 'error' });
  });

  it('ends the waiting of every message with VT_CLOSED at msg.reset', async () => {
    const flow = await deploy({ action: 'url' });
    fixture.vt.planAnalyses({ queued: Infinity });
    flow.send({ payload: `${URL}a` });
    flow.send({ payload: `${URL}b` });
    await takenTimes(flow, 2);
    flow.send({ reset: true });
    await flow.ended(2);
    expect(flow.caught.map(code)).to.deep.equal(['VT_CLOSED', 'VT_CLOSED']);
    expect(flow.caught.map(({ payload }) => payload)).to.have.members([`${URL}a`, `${URL}b`]);
  });

  for (const type of ['nodes', 'flows', 'full'] as const)
    it(`goes on with its messages over a deploy of ${type} and sends nothing again`, async () => {
      const flow = await deploy({ action: 'url' });
      fixture.vt.planAnalyses({ queued: Infinity });
      flow.send({ payload: `${URL}a`, topic: 'a' });
      flow.send({ payload: `${URL}b`, topic: 'b' });
      await takenTimes(flow, 2);
      await flow.redeploy({ n: { name: 'changed' }, vt: { timeout: 20_000 } }, type);
      await flow.until(() => /queued|scanning/.test(flow.statusText() ?? ''));
      fixture.vt.completeAnalyses();
      await flow.ended(2);
      expect(flow.caught.map(({ error }) => error.message)).to.deep.equal([]);
      expect(flow.out.map((msg) => msg['topic'])).to.have.members(['a', 'b']);
      expect(taken()).to.equal(2);
    });

  it('ends its messages with VT_CLOSED when it is removed', async () => {
    const flow = await deploy({ action: 'url' });
    fixture.vt.planAnalyses({ queued: Infinity });
    flow.send({ payload: URL });
    await takenTimes(flow, 1);
    await flow.redeploy({ n: null });
    await flow.ended(1);
    expect(flow.caught.map(code)).to.deep.equal(['VT_CLOSED']);
  });

  it('sends nothing after a deploy that has taken the consent back', async () => {
    const flow = await deploy({ action: 'url' });
    fixture.vt.script({ [URL]: [{ delayMs: 'forever' }] });
    flow.send({ payload: URL });
    await fixture.askedTimes(1);
    await flow.redeploy({ n: { consent: false } });
    flow.send({ reset: true });
    await flow.ended(1);
    expect(fixture.vt.submissions).to.deep.equal([]);
  });

  describe('that comments and votes', () => {
    const deployKnown = async (node: Record<string, unknown>): Promise<Flow> => {
      const flow = await deploy(node);
      fixture.vt.know('qorlane-invoices.com', 11);
      return flow;
    };

    it('does each once for an indicator, over deploys, and says what was there already', async () => {
      const flow = await deployKnown({ action: 'vote' });
      flow.send({ payload: 'qorlane-invoices.com', verdict: 'malicious' });
      await flow.ended(1);
      expect(metadata(flow.out[0])).to.include({
        action: 'vote',
        type: 'domain',
        submitted: true,
        already: false,
      });
      expect(flow.out[0]?.payload).to.equal('qorlane-invoices.com');
      await flow.redeploy({ n: { name: 'changed' } });
      const asked = fixture.vt.requests.length;
      flow.send({ payload: 'qorlane-invoices[.]com', verdict: 'harmless' });
      await flow.ended(2);
      expect(metadata(flow.out[1])).to.include({ submitted: false, already: true });
      expect(fixture.vt.requests.length).to.equal(asked);
    });

    it('sends one comment for two messages that come together', async () => {
      const flow = await deployKnown({ action: 'comment' });
      for (const comment of ['first #phishing', 'second'])
        flow.send({
          payload: { type: 'domain', resource: 'qorlane-invoices.com', response_code: 1 },
          comment,
        });
      await flow.ended(2);
      expect(flow.caught.map(({ error }) => error.message)).to.deep.equal([]);
      expect(flow.out.map((msg) => metadata(msg)['already'])).to.have.members([false, true]);
      expect(fixture.vt.requests.filter(({ method }) => method === 'POST')).to.have.length(1);
    });

    it('refuses an empty comment and any other verdict', async () => {
      const flow = await deployKnown({ action: 'vote' });
      for (const verdict of ['trusted', '', undefined, 7])
        flow.send({ payload: 'qorlane-invoices.com', verdict });
      await flow.ended(4);
      expect(flow.caught.map(code)).to.deep.equal(Array(4).fill('VT_INVALID_IOC'));
      expect(fixture.vt.requests).to.deep.equal([]);
    });
  });
});
