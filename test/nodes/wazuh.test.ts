import { expect } from 'chai';
import { withRecipe } from '../support/recipe';

const SHA256 = 'a301ea9fa0e34b98167f1d306639a4ae65bdbd08931fb7d417070b040a5c72e3';

/** An alert as Wazuh's integration posts it: the fields of a chat message, and the alert itself. */
const posted = (changes: { level?: number; path?: string; agent?: string } = {}): unknown => {
  const { level = 5, path = '/home/jane/Downloads/invoice-0417.bin', agent = '017' } = changes;
  const rule = { level, description: 'File added to the system.', id: '554', groups: ['ossec', 'syscheck'] };
  const alert = {
    timestamp: '2026-11-17T08:41:09.123+0000',
    rule,
    agent: { id: agent, name: 'ws-17', ip: '10.20.4.31' },
    id: '1795250469.417',
    syscheck: { path, mode: 'realtime', md5_after: '1847de119d372f29a031d41ee65730e5', sha256_after: SHA256 },
    location: 'syscheck',
  };
  return { severity: 2, pretext: 'WAZUH Alert', title: rule.description, rule_id: '554', all_fields: alert };
};

interface RunBody {
  alert: { data: { virustotal: { source: { file: string } } } };
}

describe('The recipe 14-wazuh', () => {
  const recipe = withRecipe('14-wazuh.json', {
    env: (other) => ({
      WAZUH_TOKEN: 'made-up-token',
      SLACK_WEBHOOK_URL: other.url('/slack'),
      WAZUH_API_URL: other.url(),
      WAZUH_API_USER: 'responder',
      WAZUH_API_PASSWORD: 'p:wörd',
    }),
  });

  /** A Wazuh API as documented: a token for the user, and the agents that a command was sent to. */
  const answerAsWazuh = (put: { status?: number; error?: number } = {}, login = 200): void =>
    recipe.other.reset(({ path }) => {
      if (path.startsWith('/security'))
        return {
          status: login,
          body: login === 200 ? { data: { token: 'jwt' }, error: 0 } : { title: 'Unauthorized' },
        };
      if (!path.startsWith('/active-response')) return { body: 'ok' };
      return {
        status: put.status ?? 200,
        body: { data: { affected_items: ['017'] }, error: put.error ?? 0 },
      };
    });
  const post = (body: unknown, token = 'made-up-token'): Promise<number> =>
    recipe.post(`/wazuh?token=${token}`, body);

  it('tells Slack about a malicious file and has Wazuh remove it', async () => {
    answerAsWazuh();
    recipe.vt.know(SHA256, 52);
    expect(await post(posted())).to.equal(202);
    await recipe.shown('Response run');
    await recipe.shown('Delivered');

    const [slack] = recipe.other.at('/slack');
    expect(slack?.body).to.have.property('blocks').that.is.an('array');
    expect(JSON.stringify(slack?.body)).to.contain('ws-17').and.contain(SHA256);
    const [login] = recipe.other.at('/security/user/authenticate');
    expect(login?.method).to.equal('POST');
    const basic = Buffer.from(login?.headers.authorization?.slice('Basic '.length) ?? '', 'base64');
    expect(basic.toString('latin1')).to.equal('responder:p:wörd');
    const [run] = recipe.other.at('/active-response');
    expect(run).to.include({ method: 'PUT', path: '/active-response?agents_list=017' });
    expect(run?.headers).to.include({ authorization: 'Bearer jwt' });
    expect(run?.headers['content-type']).to.contain('application/json');
    expect(run?.body).to.have.all.keys('command', 'arguments', 'alert');
    expect(run?.body).to.deep.include({ command: '!remove-threat.sh', arguments: [] });
    expect(run?.body)
      .to.have.nested.property('alert.data.virustotal')
      .that.deep.includes({
        malicious: 1,
        positives: 52,
        source: {
          alert_id: '1795250469.417',
          file: '/home/jane/Downloads/invoice-0417.bin',
          md5: '1847de119d372f29a031d41ee65730e5',
        },
      });
    expect(recipe.asked()).to.deep.equal([SHA256]);
  });

  it('refuses an alert without the token, and all of them where no token is set', async () => {
    recipe.vt.know(SHA256, 52);
    expect(await post(posted(), 'guessed')).to.equal(403);
    await recipe.deploy({ WAZUH_TOKEN: '' });
    expect(await post(posted(), '')).to.equal(403);
    await recipe.deploy();
    answerAsWazuh();
    expect(await post(posted())).to.equal(202);
    await recipe.shown('Response run');
    expect(recipe.asked()).to.have.length(1);
  });

  it('looks up nothing for an alert below the level and removes nothing that is not malicious', async () => {
    answerAsWazuh();
    recipe.vt.know(SHA256, 0);
    await post(posted({ level: 3 }));
    await recipe.shown('Below the level');
    expect(recipe.asked()).to.deep.equal([]);
    await post(posted());
    await recipe.shown('No detection');
    expect(recipe.other.requests).to.deep.equal([]);
  });

  it('tells Slack about a failed lookup and removes nothing', async () => {
    answerAsWazuh();
    recipe.vt.script({ [SHA256]: [{ status: 400, times: 9 }] });
    await post(posted());
    await recipe.shown('Delivered');
    expect(recipe.other.requests.map(({ path }) => path)).to.deep.equal(['/slack']);
  });

  it('shows what Slack or Wazuh does not take', async () => {
    recipe.vt.know(SHA256, 52);
    answerAsWazuh({}, 401);
    await post(posted());
    expect((await recipe.shown('Not delivered'))[0]?.msg).to.contain('Unauthorized');
    await recipe.deploy();
    // Wazuh answers 200 and error 1 where no agent took the command.
    answerAsWazuh({ error: 1 });
    await post(posted());
    expect((await recipe.shown('Not delivered'))[0]?.msg).to.contain('"error":1');
    await recipe.deploy();
    recipe.other.reset(() => ({ status: 500, body: 'down' }));
    await post(posted());
    await recipe.shown('Not delivered', 2);
  });

  it('shows no secret where Slack and Wazuh cannot be reached', async () => {
    recipe.vt.know(SHA256, 52);
    const nowhere = 'http://127.0.0.1:1';
    await recipe.deploy({ SLACK_WEBHOOK_URL: `${nowhere}/services/SECRET`, WAZUH_API_URL: nowhere });
    await post(posted());
    const problems = (await recipe.shown('Not delivered', 2)).map(({ msg }) => msg).join();
    expect(problems).to.contain('ECONNREFUSED').and.contain(SHA256);
    expect(problems).to.not.contain('SECRET').and.not.contain('Basic').and.not.contain('made-up-token');
  });

  it('passes a path from outside as text', async () => {
    answerAsWazuh();
    recipe.vt.know(SHA256, 52);
    const paths = ['/tmp/"},<!channel>;x`a`${HOME}', 'C:\\Users\\Jane Doe\\Downloads\\a (1).exe'];
    for (const [index, path] of paths.entries()) {
      await post(posted({ path }));
      await recipe.shown('Response run', index + 1);
      await recipe.shown('Delivered', index + 1);
    }
    const removed = recipe.other.at('/active-response').map(({ body }) => body as RunBody);
    expect(removed.map(({ alert }) => alert.data.virustotal.source.file)).to.deep.equal(paths);
    expect(JSON.stringify(recipe.other.at('/slack')[0]?.body)).to.not.contain('<!channel>');
  });

  it("removes nothing where Wazuh's script would remove other files as well, nor on an agent that is none", async () => {
    answerAsWazuh();
    recipe.vt.know(SHA256, 52);
    const alerts = [
      // The script of Wazuh's guide runs rm -f $FILENAME, without quotes.
      { path: '/tmp/x /etc/passwd' },
      { path: '/tmp/*' },
      { path: '/tmp/x\t/etc/shadow' },
      { path: '/tmp/x\n/etc/shadow' },
      { path: '/etc/[p]asswd' },
      { path: '/etc/passw?' },
      { path: '/tmp/x\\' },
      { path: '-rf' },
      { path: '' },
      { agent: '017,018&x=1' },
      { agent: '000' },
    ];
    for (const alert of alerts) await post(posted(alert));
    await recipe.shown('No response', alerts.length);
    expect(recipe.other.at('/active-response')).to.deep.equal([]);
    expect(recipe.other.at('/security/user/authenticate')).to.deep.equal([]);
  });
});
