import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import { VirusTotalError } from '../../src/errors';
import { STAND_IN_KEY, startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';
import { failureOf } from './failing';

const HASH = 'd7'.repeat(32);

describe('The MITRE ATT&CK techniques of a file', () => {
  let standIn: StandIn;
  let api: VirusTotalApi;

  beforeEach(async () => {
    standIn = await startStandIn({ catalogue: { [HASH]: { malicious: 40, engines: 70 } } });
    api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: standIn.url('v3') });
  });
  afterEach(async () => {
    await api.close();
    await standIn.close();
  });

  it('come from VirusTotal as they are', async () => {
    const trees = { data: { 'A sandbox': { tactics: [] } } };
    standIn.script([{ body: trees }]);
    expect(await api.send(api.mitreTrees(HASH))).to.deep.equal({ answer: trees });
    expect(standIn.requests[0]?.path).to.equal(`/api/v3/files/${HASH}/behaviour_mitre_trees`);
  });

  it('are undefined for a file that VirusTotal does not know', async () => {
    standIn.know(HASH, 'unknown');
    expect(await api.send(api.mitreTrees(HASH))).to.deep.equal({ answer: undefined });
  });

  it('report a redirect instead of following it', async () => {
    standIn.script([{ redirect: '/elsewhere' }]);
    expect(await api.send(api.mitreTrees(HASH))).to.deep.equal({ redirect: '/elsewhere' });
  });

  it('end in an error that names why VirusTotal refused them', async () => {
    standIn.script([{ status: 403 }]);
    expect((await failureOf(api.send(api.mitreTrees(HASH)))).code).to.equal('VT_FORBIDDEN');
  });

  it('are not requested with API v2, which does not have them', async () => {
    const v2 = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiVersion: 'v2', apiUrl: standIn.url('v2') });
    expect(() => v2.mitreTrees(HASH))
      .to.throw(VirusTotalError)
      .with.property('code', 'VT_CONFIG');
    await v2.close();
  });
});
