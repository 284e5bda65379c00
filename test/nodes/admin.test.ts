import { expect } from 'chai';
import helper from 'node-red-node-test-helper';
import type { FlowOptions } from '../support/flow';
import { logged } from '../support/flow';
import { eventually } from '../../tools/eventually';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';
import { withStandIn } from '../support/with-stand-in';

type Body = Record<string, unknown>;

const post = async (path: string, body: unknown): Promise<{ status: number; body: Body }> => {
  const answer = await helper
    .request()
    .post(path)
    .send(body as object);
  return { status: answer.status, body: answer.body as Body };
};
const get = async (path: string): Promise<{ status: number; body: Body }> => {
  const answer = await helper.request().get(path);
  return { status: answer.status, body: answer.body as Body };
};

describe('The admin routes that the dialogs call', () => {
  const fixture = withStandIn();
  let elsewhere: StandIn;
  beforeEach(async () => {
    elsewhere = await startStandIn({ apiKey: [] });
  });
  afterEach(async () => {
    delete process.env['VT_TEST_KEY'];
    await elsewhere.close();
  });

  /** What the dialog sends: the fields as they stand. */
  const dialog = (fields: Body = {}): Body => ({
    id: 'vt',
    apiVersion: 'v3',
    apiUrl: fixture.vt.url('v3'),
    timeout: '30000',
    tls: '',
    proxy: '',
    ...fields,
  });
  const test = async (fields: Body = {}): Promise<Body> =>
    (await post('/virustotal/test', dialog(fields))).body;

  describe('when they test a key', () => {
    const DAY = { used: 0, allowed: 500 };

    beforeEach(() => fixture.vt.reset({ quota: { perWindow: 4, daily: 500, monthly: 15_500 } }));

    it('test a typed key before the first deploy and return its quota without using it', async () => {
      await fixture.deploy({ config: false });
      expect(await test({ id: 'not-deployed', apiKey: fixture.apiKey })).to.deep.equal({
        ok: true,
        quota: { hourly: { used: 0, allowed: 240 }, daily: DAY, monthly: { used: 0, allowed: 15_500 } },
      });
      expect(fixture.asked()).to.deep.equal([]);
    });

    it('test the stored key, which the dialog does not have', async () => {
      await fixture.deploy();
      for (const apiKey of [undefined, '__PWRD__', ''])
        expect(await test({ apiKey }), String(apiKey)).to.deep.include({ ok: true });
    });

    it('test a v2 key on the v3 page beside the address', async () => {
      await fixture.deploy({}, 'v2');
      const v2 = { apiVersion: 'v2', apiUrl: fixture.vt.url('v2') };
      expect(await test(v2)).to.have.nested.property('quota.daily.allowed', 500);
      expect(await test({ ...v2, apiKey: fixture.apiKey })).to.have.property('ok', true);
      expect(await test({ ...v2, apiKey: freshKey() })).to.include({ ok: false, code: 'VT_AUTH' });
      expect(fixture.asked()).to.deep.equal([]);
    });

    it('say why quota and cache are not shared where they should be', async () => {
      // Nothing listens there.
      const redisUrl = 'redis://127.0.0.1:1/0';
      await fixture.deploy({
        config: { store: 'redis' },
        credentials: { vt: { apiKey: fixture.apiKey, redisUrl } },
      });
      await eventually(async () => (await get('/virustotal/state/vt')).body['store'] !== null);
      for (const apiKey of ['__PWRD__', freshKey()])
        expect(await test({ apiKey })).to.have.nested.property('store.code', 'REDIS_DOWN');
    });

    it('return the code and an explanation when the test fails', async () => {
      await fixture.deploy();
      const wrong = await test({ apiKey: freshKey() });
      expect(wrong).to.include({ ok: false, code: 'VT_AUTH' });
      expect(wrong['message']).to.contain('refuses the API key');
      fixture.vt.script([{ status: 429 }]);
      expect(await test()).to.include({ ok: false, code: 'VT_QUOTA', reason: 'rate' });
      fixture.vt.script([{ status: 403 }]);
      expect(await test()).to.deep.equal({ ok: true, quota: null });
      fixture.vt.script([{ html: true }]);
      expect(await test()).to.include({ ok: false, code: 'VT_BAD_RESPONSE' });
      fixture.vt.script([{ delayMs: 'forever' }]);
      expect(await test({ apiKey: fixture.apiKey, timeout: 100 })).to.include({
        ok: false,
        code: 'VT_TIMEOUT',
      });
      fixture.vt.script([{ cut: 'before' }]);
      expect(await test()).to.include({ ok: false, code: 'VT_NETWORK' });
    });

    it('resolve a ${NAME} in the key field as the deployed node will', async () => {
      process.env['VT_TEST_KEY'] = fixture.apiKey;
      await fixture.deploy();
      expect(await test({ apiKey: '${VT_TEST_KEY}' })).to.include({ ok: true });
      const unset = await test({ apiKey: '${VT_NO_SUCH_KEY}' });
      expect(unset).to.include({ ok: false, code: 'VT_CONFIG' });
      expect(unset['message']).to.contain('VT_NO_SUCH_KEY is not set');
    });

    describe('of a config that does not run', () => {
      const typed = (fields: Body): Promise<Body> => test({ id: 'new', ...fields });
      beforeEach(() => fixture.deploy({ config: false }));

      it('claim nothing when a variable decides that this process does not have, because another environment may', async () => {
        for (const fields of [
          { apiKey: '${VT_TEST_KEY}' },
          { apiKey: fixture.apiKey, apiUrl: '${VT_TEST_KEY}' },
        ]) {
          const answer = await typed(fields);
          expect(answer).to.include({ ok: false, code: 'VT_CONFIG', why: 'environment' });
          expect(answer['message']).to.contain('VT_TEST_KEY').and.contain('deploy');
        }
        expect(fixture.vt.requests).to.deep.equal([]);
      });

      it('name the process variable that the test assumed', async () => {
        process.env['VT_TEST_KEY'] = fixture.vt.url('v3');
        const apiUrl = '${VT_TEST_KEY}';
        expect(await typed({ apiKey: fixture.apiKey, apiUrl })).to.deep.include({
          ok: true,
          assumed: ['VT_TEST_KEY'],
        });
        expect(await typed({ apiKey: freshKey(), apiUrl })).to.deep.include({
          code: 'VT_AUTH',
          assumed: ['VT_TEST_KEY'],
        });
      });

      it('claim nothing about the stored key, because a disabled, nested, undeployed and stopped config look the same', async () => {
        for (const apiKey of ['__PWRD__', '', undefined])
          expect(await typed({ apiKey })).to.include({ ok: false, code: 'VT_CONFIG', why: 'notRunning' });
      });
    });

    it('prefer the environment of the flows to that of the process', async () => {
      process.env['VT_TEST_KEY'] = freshKey();
      const env = [{ name: 'VT_TEST_KEY', type: 'str', value: fixture.apiKey }];
      await fixture.deploy({ more: [{ id: 'global', type: 'global-config', env, modules: {} }] });
      expect(await test({ apiKey: '${VT_TEST_KEY}' }))
        .to.deep.include({ ok: true })
        .and.not.have.property('assumed');
    });

    it('resolve addresses from the environment as the deployed config does', async () => {
      process.env['VT_TEST_KEY'] = fixture.vt.url('v3');
      await fixture.deploy({ config: { apiUrl: '${VT_TEST_KEY}' } });
      expect(await test({ apiUrl: '${VT_TEST_KEY}' })).to.include({ ok: true });
      expect(await test({ apiUrl: '${VT_TEST_KEY}', apiKey: fixture.apiKey })).to.include({ ok: true });
    });

    it('unblock messages at once when the test of a refused key succeeds', async () => {
      fixture.vt.script({ 'qorlane.com': [{ status: 401 }] });
      const flow = await fixture.deploy({ config: { timeScale: 1 }, node: { action: 'domain' } });
      flow.send({ payload: 'qorlane.com' });
      await flow.ended(1);
      flow.send({ payload: 'meridane.com' });
      await flow.ended(2);
      expect(flow.caught.map(({ error }) => error.code)).to.deep.equal(['VT_AUTH', 'VT_AUTH']);
      expect(await test()).to.include({ ok: true });
      flow.send({ payload: 'meridane.com' });
      await flow.ended(3);
      expect(flow.out[0]?.payload).to.include({ resource: 'meridane.com' });
    });

    describe('never send a key where it does not belong:', () => {
      const moved: [string, () => Body, FlowOptions['more']?][] = [
        ['another address', () => ({ apiUrl: elsewhere.url('v3') })],
        ['no address, where one is deployed', () => ({ apiUrl: '' })],
        ['another version', () => ({ apiVersion: 'v2', apiUrl: elsewhere.url('v2') })],
        ['another proxy', () => ({ proxy: 'px' })],
        ['another TLS config', () => ({ tls: 'tls' })],
      ];
      for (const [what, fields] of moved) {
        for (const [which, apiKey] of [
          ['the stored key', '__PWRD__'],
          ['a variable of the environment', '${VT_TEST_KEY}'],
        ]) {
          it(`${which} to ${what}`, async () => {
            process.env['VT_TEST_KEY'] = fixture.apiKey;
            await fixture.deploy({
              more: [
                { id: 'px', type: 'http proxy', url: elsewhere.origin },
                { id: 'tls', type: 'tls-config', cert: '', key: '', ca: '', verifyservercert: false },
              ],
            });
            const before = fixture.vt.requests.length;
            const answer = await test({ apiKey, ...fields() });
            // VirusTotal's own address would do for a variable, but no test goes there.
            expect(answer, what).to.include({ ok: false });
            if (!(what.startsWith('no address') && apiKey?.startsWith('$')))
              expect(answer).to.include({ code: 'VT_CONFIG' });
            expect(elsewhere.requests).to.deep.equal([]);
            expect(fixture.vt.requests).to.have.length(before);
          });
        }
      }

      it('the stored key of a config of another type or of none', async () => {
        await fixture.deploy({ more: [{ id: 'px', type: 'http proxy', url: elsewhere.origin }] });
        for (const id of ['px', 'n', 'nope', '', undefined, 7, {}, '__proto__'])
          expect(await test({ id }), JSON.stringify(id)).to.include({ ok: false, code: 'VT_CONFIG' });
        expect(fixture.vt.requests).to.deep.equal([]);
      });
    });

    it('explain why a deployed config cannot be used', async () => {
      await fixture.deploy({ config: { rateLimitMs: 'soon' } });
      const answer = await test();
      expect(answer).to.include({ ok: false, code: 'VT_CONFIG' });
      expect(answer['message']).to.contain('rateLimitMs');
    });

    it('keep no typed key, go on with the deployed one and show neither', async () => {
      const typed = freshKey();
      const flow = await fixture.deploy({ node: { action: 'domain' } });
      const answers = [await test({ apiKey: typed }), await test(), await test({ apiKey: `${typed} x` })];
      flow.send({ payload: 'qorlane.com' });
      await flow.ended(1);
      expect(flow.out).to.have.length(1);
      const shown = JSON.stringify([answers, flow.out, flow.statuses, helperCredentials()]) + logged();
      expect(shown).not.to.contain(typed);
      expect(JSON.stringify(answers)).not.to.contain(fixture.apiKey);
    });

    it('explain which fields of the test make no sense', async () => {
      await fixture.deploy();
      for (const [fields, says] of [
        [{ timeout: 'soon' }, 'timeout'],
        [{ timeout: -1 }, 'timeout'],
        [{ apiUrl: 'ftp://127.0.0.1/' }, 'API URL'],
        [{ apiUrl: 7 }, ''],
        [{ apiVersion: 'v9' }, 'apiVersion'],
        [{ tls: 'gone' }, 'TLS config'],
        [{ proxy: {} }, 'proxy'],
        [{ apiKey: 'two words' }, 'space'],
      ] as const) {
        const answer = await test({ apiKey: fixture.apiKey, ...fields });
        expect(answer, JSON.stringify(fields)).to.include({ ok: false });
        expect(answer['message']).to.contain(says);
      }
      for (const body of [[], {}, { id: ['vt'] }, { apiKey: {} }])
        expect((await post('/virustotal/test', body)).body, JSON.stringify(body)).to.include({ ok: false });
    });
  });

  describe('when they show the state of a config', () => {
    it('return waiting lookups, cache and quota', async () => {
      const flow = await fixture.deploy({
        config: { rateLimit: true, rateLimitMs: 60_000 },
        node: { action: 'domain' },
      });
      for (const payload of ['qorlane.com', 'meridane.com', 'fennick.org']) flow.send({ payload });
      await flow.ended(1);
      flow.send({ payload: 'qorlane.com' });
      await flow.ended(2);
      const { status, body } = await get('/virustotal/state/vt');
      expect(status).to.equal(200);
      const { nextStartMs, cache, ...rest } = body as { nextStartMs: number; cache: Body };
      expect(rest).to.deep.equal({
        waiting: 2,
        requesting: 0,
        requests: 1,
        reserve: { lookups: 100, waitMs: null },
        problem: null,
        store: null,
        quota: { day: { used: 1, allowed: 500 }, month: { used: 1, allowed: 15_500 } },
      });
      expect(nextStartMs).to.be.within(1, 61_000);
      expect(cache).to.include({ entries: 1, hits: 1, misses: 3 });
      expect(cache['bytes']).to.be.above(1000);
    });

    it('return the problem of the key', async () => {
      const flow = await fixture.deploy({ apiKey: freshKey(), node: { action: 'domain' } });
      flow.send({ payload: 'qorlane.com' });
      await flow.ended(1);
      const { body } = await get('/virustotal/state/vt');
      expect(body['problem']).to.include({ code: 'VT_AUTH' });
    });

    it('return nothing for a config that is not deployed, disabled, unusable or of another type', async () => {
      await fixture.deploy({
        config: { d: true },
        more: [{ id: 'bad', type: 'virustotal-config', timeout: 'soon' }],
      });
      for (const id of ['vt', 'bad', 'nope', 'n', '__proto__', '%2e%2e']) {
        const { status, body } = await get(`/virustotal/state/${id}`);
        expect(status, id).to.equal(404);
        const why = id === 'bad' ? {} : { why: 'notRunning' };
        expect(body['error'], id).to.include({ code: 'VT_CONFIG', ...why });
        expect((await post(`/virustotal/cache/${id}/clear`, {})).status, id).to.equal(404);
      }
    });
  });

  it('clear the cache of one config and return the number of removed reports', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    for (const payload of ['qorlane.com', 'meridane.com']) flow.send({ payload });
    await flow.ended(2);
    expect(await post('/virustotal/cache/vt/clear', {})).to.deep.equal({ status: 200, body: { cleared: 2 } });
    expect((await post('/virustotal/cache/vt/clear', {})).body).to.deep.equal({ cleared: 0 });
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(3);
    expect(fixture.asked()).to.have.length(3);
  });

  describe('when they try a search', () => {
    const text = 'from 10.0.0.7 by mail.example.com: http://qorlane.com/a';

    it('list without a request what would be looked up and what skipped, with the reason', async () => {
      await fixture.deploy({ config: false });
      const { status, body } = await post('/virustotal/extract', {
        text,
        hosts: true,
        skipPrivate: true,
        allowList: 'example.com',
      });
      expect(status).to.equal(200);
      const names = (list: unknown): string[] =>
        (list as { type: string; value: string }[]).map(({ type, value }) => `${type} ${value}`);
      expect(names(body['iocs'])).to.deep.equal(['url http://qorlane.com/a', 'domain qorlane.com']);
      expect(names(body['skipped'])).to.deep.equal(['ip 10.0.0.7', 'domain mail.example.com']);
      expect(fixture.vt.requests).to.deep.equal([]);
    });

    it('apply the privacy fields of the dialog', async () => {
      await fixture.deploy({ config: false });
      const { body } = await post('/virustotal/extract', { text, skipPrivate: false });
      expect((body['iocs'] as { value: string }[]).map(({ value }) => value)).to.deep.equal([
        '10.0.0.7',
        'mail.example.com',
        'http://qorlane.com/a',
      ]);
    });

    it('explain why a value cannot be searched: not a text, too long, or a bad allow list', async () => {
      await fixture.deploy({ config: false });
      for (const [body, code, says] of [
        [{}, 'VT_INVALID_IOC', 'no text'],
        [{ text: 7 }, 'VT_INVALID_IOC', 'no text'],
        [{ text: { a: 1 } }, 'VT_INVALID_IOC', 'no text'],
        [[], 'VT_INVALID_IOC', 'no text'],
        [{ text, allowList: 'what is this?' }, 'VT_CONFIG', 'what is this?'],
        [{ text, allowList: ['example.com'] }, 'VT_CONFIG', 'allow list'],
        [
          { text: Array.from({ length: 5001 }, (_, i) => `192.31.${i >> 8}.${i & 255}`).join(' ') },
          'VT_INVALID_IOC',
          '5000',
        ],
      ] as const) {
        const { status, body: answer } = await post('/virustotal/extract', body);
        expect(status, says).to.equal(400);
        expect(answer['error']).to.include({ code });
        expect((answer['error'] as { message: string }).message.replace(/,/g, '')).to.contain(says);
      }
    });
  });

  it('reject a text or an allow list over the limit and name the limit', async () => {
    await fixture.deploy({ config: false });
    const long = 'x'.repeat(200_001);
    for (const [body, name] of [
      [{ text: long }, 'text'],
      [{ text: 'baddomain.com', allowList: long }, 'allow list'],
    ] as const) {
      const { status, body: answer } = await post('/virustotal/extract', body);
      expect(status).to.equal(413);
      expect((answer['error'] as { message: string }).message).to.contain(
        `Too long to try: the ${name} has 200001 characters; the limit here is 200000`,
      );
    }
  });

  it('require the permission to read or to write', async () => {
    const needed: [string, string][] = [];
    await fixture.deploy({
      api: () => ({
        auth: {
          needsPermission: (permission: string) => (req: { method: string; path: string }, res: never) => {
            needed.push([`${req.method} ${req.path}`, permission]);
            (res as { status(code: number): { end(): void } }).status(401).end();
          },
        } as never,
      }),
    });
    const statuses = [
      await post('/virustotal/test', dialog()),
      await get('/virustotal/state/vt'),
      await post('/virustotal/cache/vt/clear', {}),
      await post('/virustotal/extract', { text: 'x' }),
    ].map(({ status }) => status);
    expect(statuses).to.deep.equal([401, 401, 401, 401]);
    expect(needed).to.deep.equal([
      ['POST /virustotal/test', 'virustotal.write'],
      ['GET /virustotal/state/vt', 'virustotal.read'],
      ['POST /virustotal/cache/vt/clear', 'virustotal.write'],
      ['POST /virustotal/extract', 'virustotal.read'],
    ]);
  });

  it('are all guarded against pages of other sites', async () => {
    await fixture.deploy({ config: false });
    const paths = adminPosts();
    expect(paths).to.include('/virustotal/cache/:id/clear');
    for (const path of paths) {
      const posted = helper.request().post(path).set('Origin', 'https://evil.example');
      expect((await posted.send({})).status, path).to.equal(403);
      expect((await helper.request().post(path)).status, path).to.equal(415);
    }
  });

  it('accept an origin that the administrator names, but not "*"', async () => {
    for (const [origin, status] of [
      ['https://soc.example', 200],
      [['https://a.example', 'https://soc.example'], 200],
      ['*', 403],
      [true, 403],
    ] as const) {
      await fixture.deploy({
        config: false,
        api: (RED) => ({
          settings: Object.assign(Object.create(RED.settings) as typeof RED.settings, {
            httpAdminCors: { origin },
          }),
        }),
      });
      const posted = helper.request().post('/virustotal/extract').set('Origin', 'https://soc.example');
      expect((await posted.send({ text: 'x' })).status, String(origin)).to.equal(status);
      await fixture.undeploy();
    }
  });

  it('answer once after any number of deploys', async () => {
    const flow = await fixture.deploy();
    const routes = (): number =>
      (helper as unknown as { _httpAdmin: { _router: { stack: unknown[] } } })._httpAdmin._router.stack
        .length;
    const before = routes();
    for (let i = 0; i < 3; i++) await flow.redeploy({ vt: { name: `${i}` } }, 'full');
    expect(routes()).to.equal(before);
  });
});

/** The paths of this package that something can be posted to. */
function adminPosts(): string[] {
  const { stack } = (
    helper as unknown as {
      _httpAdmin: { _router: { stack: { route?: { path: string; methods: object } }[] } };
    }
  )._httpAdmin._router;
  const posts = stack.filter(
    ({ route }) => route && 'post' in route.methods && /^.virustotal/.test(route.path),
  );
  return [...new Set(posts.map(({ route }) => route?.path ?? ''))];
}

/** What Node-RED would write into its credentials file. */
function helperCredentials(): unknown {
  return (helper as unknown as { credentials: { get(id: string): object } }).credentials.get('vt');
}
