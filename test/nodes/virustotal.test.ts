import { expect } from 'chai';
import { StandIn } from '../support/stand-in/stand-in';
import { deployFlow, freshKey, undeploy } from '../support/flow';

describe('The VirusTotal node', () => {
  let vt: StandIn;
  let apiKey: string;
  beforeEach(async () => {
    apiKey = freshKey();
    vt = await new StandIn({ apiKey }).listen();
  });
  afterEach(async () => {
    await undeploy();
    await vt.close();
  });

  it('gets a domain and a URL report for an alert that names both', async () => {
    vt.know('baddomain.com', 12);
    const flow = await deployFlow(vt.url('v3'), { apiKey });
    flow.send({ payload: { domain: 'baddomain.com', url: 'https://baddomain.com/path/to/file' } });
    await flow.until(() => flow.out.length + flow.caught.length === 2);
    expect(flow.caught).to.deep.equal([]);
    expect(flow.out.map(({ virustotal }) => (virustotal as { type: string }).type)).to.have.members([
      'domain',
      'url',
    ]);
  });
});
