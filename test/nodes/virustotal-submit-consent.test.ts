import { expect } from 'chai';
import type { Flow, FlowOptions, Message } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

const FILE = Buffer.from('MZ, a made-up program');
const MESSAGES: Record<string, Record<string, unknown>> = {
  auto: { payload: { type: 'url', resource: 'https://fennick-signatures.org/new', response_code: 0 } },
  url: { payload: 'https://fennick-signatures.org/new' },
  file: { payload: FILE, filename: 'order.exe' },
  rescan: { payload: 'fennick-signatures.org' },
  comment: { payload: 'fennick-signatures.org', comment: 'seen in a phishing mail' },
  vote: { payload: 'fennick-signatures.org', verdict: 'malicious' },
};

describe('A submit node whose consent box is not ticked', () => {
  const fixture = withStandIn();
  const deploy = (node: Record<string, unknown>, options: FlowOptions = {}): Promise<Flow> =>
    fixture.deploy({ ...options, node: { type: 'virustotal-submit', ...node } });

  for (const [action, message] of Object.entries(MESSAGES))
    it(`sends nothing for ${action} and says what to tick`, async () => {
      const flow = await deploy({ action });
      flow.send(message);
      await flow.ended(1);
      const [caught] = flow.caught;
      expect(caught?.error.code).to.equal('VT_CONFIG');
      expect(caught?.error.message).to.match(/consent is missing.*becomes public.*tick the consent box/);
      expect(caught?.['virustotal']).to.include({ action, submitted: false });
      expect(fixture.vt.requests).to.deep.equal([]);
    });

  it('shows it in the status from the start', async () => {
    const flow = await deploy({});
    await flow.until(() => flow.statusText() === 'consent missing');
  });

  it('passes it on as a report if the node is set so', async () => {
    const flow = await deploy({ action: 'url', onError: 'report' });
    flow.send(MESSAGES['url'] as Message);
    await flow.ended(1);
    expect(flow.out[0]?.payload).to.deep.include({ response_code: -1, type: '', resource: '' });
    expect((flow.out[0]?.payload as { error: { code: string } }).error.code).to.equal('VT_CONFIG');
  });

  it('counts a consent from an environment variable that is not set as a fault, not as a yes', async () => {
    const flow = await deploy({ action: 'url', consent: '${CONSENT_OF_NOBODY}' });
    flow.send(MESSAGES['url'] as Message);
    await flow.ended(1);
    expect(flow.caught[0]?.error.message).to.contain('CONSENT_OF_NOBODY');
    expect(fixture.vt.requests).to.deep.equal([]);
  });
});
