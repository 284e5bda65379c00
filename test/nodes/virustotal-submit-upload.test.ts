import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { eventually } from '../../tools/eventually';
import { logged, type DeployType, type Flow, type FlowOptions } from '../support/flow';
import { UploadLine } from '../support/upload-line';
import { withStandIn } from '../support/with-stand-in';

/** More than the buffers of a connection take. */
const LARGE = Buffer.alloc(24_000_000, 'made-up program ');
const ZIP = Buffer.from('PK\u0003\u0004, a made-up archive');
const PASSWORD = 'extra0rdinary-wordX';

describe('A submit node with a file', () => {
  const fixture = withStandIn();
  let line: UploadLine | undefined;
  const deploy = (node: Record<string, unknown>, options: FlowOptions = {}): Promise<Flow> => {
    fixture.vt.reset({ unlisted: 'unknown' });
    return fixture.deploy({
      ...options,
      node: { type: 'virustotal-submit', action: 'file', consent: true, ...node },
    });
  };
  afterEach(async () => {
    await line?.close();
    line = undefined;
  });

  for (const type of ['nodes', 'flows', 'full'] as const satisfies readonly DeployType[])
    it(`loses no message and sends nothing twice at a deploy of ${type} while its body is on its way`, async () => {
      line = await new UploadLine((post) => (post === 0 ? { holdAfter: 1_000_000 } : {})).listen(
        Number(new URL(fixture.vt.origin).port),
      );
      const held = line;
      const flow = await deploy({}, { config: { apiUrl: `${line.origin}/api/v3/` } });
      flow.send({ payload: LARGE, filename: 'order.exe', topic: 'a' });
      await eventually(() => held.holds);
      await flow.until(() => /^uploading/.test(flow.statusText() ?? ''));
      await flow.redeploy({ n: { name: 'changed' }, vt: { timeout: 20_000 } }, type);
      await flow.until(() => /^uploading/.test(flow.statusText() ?? ''));
      expect(fixture.vt.submissions.filter(({ taken }) => taken)).to.deep.equal([]);
      line.release();
      await flow.ended(1);
      expect(flow.caught.map(({ error }) => error.message)).to.deep.equal([]);
      expect(flow.out).to.have.length(1);
      expect(flow.out[0]).to.include({ topic: 'a' });
      expect(flow.out[0]?.payload).to.include({ type: 'file', response_code: 1 });
      expect(line.posts).to.equal(1);
      expect(fixture.vt.submissions.map(({ sha256, taken }) => ({ sha256, taken }))).to.deep.equal([
        { sha256: createHash('sha256').update(LARGE).digest('hex'), taken: true },
      ]);
    });

  it('sends the password of an archive, and shows it nowhere', async () => {
    const credentials = { n: { password: PASSWORD } };
    const flow = await deploy({}, { credentials });
    flow.send({ payload: ZIP, filename: 'order.zip' });
    await flow.ended(1);
    expect(flow.caught).to.deep.equal([]);
    expect(fixture.vt.submissions).to.have.length(1);
    expect(fixture.vt.submissions[0]?.fields).to.deep.equal({ password: PASSWORD });
    const shown = JSON.stringify({ out: flow.out, statuses: flow.statuses, log: logged() });
    expect(shown).to.not.include(PASSWORD);
  });

  it('ends with what VirusTotal refuses when the file with a password is no archive', async () => {
    const flow = await deploy({}, { credentials: { n: { password: PASSWORD } } });
    flow.send({ payload: Buffer.from('MZ, a made-up program'), filename: 'order.exe' });
    await flow.ended(1);
    expect(flow.caught.map(({ error }) => error.code)).to.deep.equal(['VT_REQUEST']);
    expect(flow.caught[0]?.error.message).to.include('ZIP').and.not.include(PASSWORD);
    expect(fixture.vt.submissions.filter(({ taken }) => taken)).to.deep.equal([]);
    expect(logged()).to.not.include(PASSWORD);
  });

  it('quotes no answer with the password in it', async () => {
    const flow = await deploy({}, { credentials: { n: { password: PASSWORD } } });
    const message = `Wrong password "${PASSWORD}" for this archive`;
    fixture.vt.script(({ method }) =>
      method === 'POST'
        ? { status: 400, body: { error: { code: 'InvalidArgumentError', message } } }
        : undefined,
    );
    flow.send({ payload: ZIP, filename: 'order.zip' });
    await flow.ended(1);
    expect(flow.caught[0]?.error.message).to.include('Wrong password');
    const shown = JSON.stringify({ caught: flow.caught, statuses: flow.statuses, log: logged() });
    expect(shown).to.not.include(PASSWORD);
  });
});
