import { expect } from 'chai';
import type { ArrivedRequest } from '../support/other-side';
import { withRecipe } from '../support/recipe';

const SHA256 = 'a301ea9fa0e34b98167f1d306639a4ae65bdbd08931fb7d417070b040a5c72e3';
const SYSMON = `SHA1=7A5766EBA110FDF30C7E6D79751E636F441D630B,MD5=1847DE119D372F29A031D41EE65730E5,SHA256=${SHA256.toUpperCase()},IMPHASH=F34D5F2D4577ED6D9CEEC516C1F5A744`;

/** Sysmon's event 1 as Winlogbeat sends it. */
const sysmonEvent = (host = 'ws-17', CommandLine = 'invoice-0417.exe /q'): unknown => ({
  '@timestamp': '2026-11-17T08:41:09.123Z',
  host: { name: host },
  winlog: {
    event_id: '1',
    event_data: {
      Image: 'C:\\Users\\jane\\invoice-0417.exe',
      CommandLine,
      User: 'CORP\\jane',
      Hashes: SYSMON,
    },
  },
});

describe('The recipe 15-edr-to-thehive', () => {
  const recipe = withRecipe('15-edr-to-thehive.json', {
    env: (other) => ({ EDR_TOKEN: 'made-up-token', THEHIVE_URL: other.url(), THEHIVE_KEY: 'made-up-key' }),
  });

  /** TheHive 5 as documented: 201 with the case, 201 with the list of observables that were made. */
  const asTheHive = ({ path }: ArrivedRequest): { status: number; body: unknown } =>
    path === '/api/v1/case'
      ? { status: 201, body: { _id: '~41704', _type: 'Case', number: 417 } }
      : { status: 201, body: [{ _id: '~41705', _type: 'Observable' }] };
  const post = (body: unknown, token = 'made-up-token'): Promise<number> =>
    recipe.post('/edr', body, { authorization: `Bearer ${token}` });

  it('makes a case with observables of a malicious process, asked by its strongest hash', async () => {
    recipe.other.reset(asTheHive);
    recipe.vt.know(SHA256, 52);
    expect(await post(sysmonEvent())).to.equal(202);
    await recipe.shown('In TheHive', 2);

    expect(recipe.asked()).to.deep.equal([SHA256]);
    const [theCase, ...observables] = recipe.other.requests;
    expect(theCase).to.include({ method: 'POST', path: '/api/v1/case' });
    expect(theCase?.headers).to.include({ authorization: 'Bearer made-up-key' });
    expect(theCase?.body).to.deep.include({ severity: 3, tlp: 2, pap: 2, tags: ['virustotal', 'edr'] });
    expect(theCase?.body).to.have.property('title').that.equals(`Malicious process on ws-17: ${SHA256}`);
    expect(theCase?.body)
      .to.have.property('description')
      .that.contains(SHA256)
      .and.contains('Command: `invoice-0417.exe /q`');
    expect(observables.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      'POST /api/v1/case/~41704/observable',
      'POST /api/v1/case/~41704/observable',
    ]);
    expect(observables[0]?.body).to.deep.include({
      dataType: 'hash',
      data: SHA256,
      ioc: true,
      tags: ['virustotal:malicious'],
    });
    expect(observables[0]?.body).to.have.property('message').that.matches(/52/);
    expect(observables[1]?.body).to.include({
      dataType: 'filename',
      data: 'C:\\Users\\jane\\invoice-0417.exe',
    });
  });

  it('takes a list of events, in the form of ECS too, and makes one case a day for each host and file', async () => {
    recipe.other.reset(asTheHive);
    recipe.vt.know(SHA256, 52);
    const ecs = {
      host: { name: 'srv-02' },
      process: { executable: '/tmp/x', command_line: '/tmp/x', hash: { sha256: SHA256 } },
    };
    await post([sysmonEvent(), sysmonEvent(), ecs, { host: { name: 'ws-18' } }]);
    await recipe.shown('No hashes');
    await recipe.shown('In TheHive', 4);
    await post([sysmonEvent(), ecs, sysmonEvent('ws-19')]);
    await recipe.shown('In TheHive', 6);
    expect(
      recipe.other.at('/api/v1/case').map(({ body }) => (body as { title: string }).title),
    ).to.have.members(['ws-17', 'srv-02', 'ws-19'].map((host) => `Malicious process on ${host}: ${SHA256}`));
  });

  it("reads Sysmon's events in Wazuh's form, and looks up no import hash", async () => {
    recipe.other.reset(asTheHive);
    recipe.vt.know(SHA256, 52);
    const eventdata = {
      image: 'C:\\\\Users\\\\jane\\\\invoice-0417.exe',
      commandLine: 'invoice-0417.exe /q',
      user: 'CORP\\\\jane',
      hashes: SYSMON,
    };
    const alert = {
      rule: { level: 3, id: '61603', description: 'Sysmon - Event 1: Process creation' },
      agent: { id: '017', name: 'ws-17', ip: '10.20.4.31' },
      id: '1795250469.418',
      data: { win: { system: { eventID: '1', computer: 'ws-17.corp.example' }, eventdata } },
    };
    const status = await recipe.post('/edr?token=made-up-token', {
      severity: 1,
      title: alert.rule.description,
      rule_id: alert.rule.id,
      all_fields: alert,
    });
    expect(status).to.equal(202);
    await recipe.shown('In TheHive', 2);
    expect(recipe.other.at('/api/v1/case')[0]?.body)
      .to.have.property('title')
      .that.equals(`Malicious process on ws-17.corp.example: ${SHA256}`);

    const hash = { md5: '1847de119d372f29a031d41ee65730e5', imphash: 'f34d5f2d4577ed6d9ceec516c1f5a744' };
    await post({ host: { name: 'srv-03' }, process: { executable: '/tmp/x', hash } });
    await recipe.shown('No detection');
    expect(recipe.asked()).to.deep.equal([SHA256, hash.md5]);
    expect(await recipe.post('/edr?token=guessed', {})).to.equal(403);
  });

  it('refuses events without the token and makes no case where nothing is detected', async () => {
    recipe.vt.know(SHA256, 0);
    expect(await post(sysmonEvent(), 'guessed')).to.equal(403);
    expect(await post(sysmonEvent())).to.equal(202);
    await recipe.shown('No detection');
    expect(recipe.asked()).to.have.length(1);
    expect(recipe.other.requests).to.deep.equal([]);
  });

  it('tries a file again after its lookup or its case failed, and shows what failed', async () => {
    recipe.vt.know(SHA256, 52);
    recipe.vt.script({ [SHA256]: [{ status: 400 }] });
    await post(sysmonEvent());
    expect((await recipe.shown('Not judged'))[0]?.msg)
      .to.contain(SHA256)
      .and.contain('VT_REQUEST');
    recipe.other.reset(() => ({ status: 401, body: { type: 'AuthenticationError' } }));
    await post(sysmonEvent());
    expect((await recipe.shown('Not in TheHive'))[0]?.msg).to.contain('AuthenticationError');
    recipe.other.reset((request) =>
      request.path.endsWith('observable') ? { status: 500, body: 'down' } : asTheHive(request),
    );
    await post(sysmonEvent());
    await recipe.shown('Not in TheHive', 3);
    expect(recipe.other.requests).to.have.length(3);
  });

  it('shows no key where TheHive cannot be reached', async () => {
    recipe.vt.know(SHA256, 52);
    await recipe.deploy({ THEHIVE_URL: 'http://127.0.0.1:1' });
    await post(sysmonEvent());
    const [problem] = await recipe.shown('Not in TheHive');
    expect(problem?.msg).to.contain('ECONNREFUSED').and.contain(SHA256).and.not.contain('made-up-key');
  });

  it('shows text from outside as code in the case', async () => {
    recipe.other.reset(asTheHive);
    recipe.vt.know(SHA256, 52);
    await post(sysmonEvent('ws-17', '`"}\n\n# x\n[a](http://a.example) <img src=x onerror=alert(1)>'));
    await recipe.shown('In TheHive', 2);
    expect(recipe.other.at('/api/v1/case')[0]?.body)
      .to.have.property('description')
      .that.contains('Command: ` "} # x [a](http://a.example) <img src=x onerror=alert(1)>`');
  });
});
