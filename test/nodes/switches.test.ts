import { expect } from 'chai';
import helper from 'node-red-node-test-helper';
import { switchOf } from '../../nodes/switch';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { logged } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

const VARIABLE = 'VT_TEST_SWITCH';

describe('A switch property', () => {
  it('given as text means what it says', () => {
    for (const on of [true, 'true', 'TRUE', ' yes ', 'on', '1', 1])
      expect(switchOf('cache', on, false), String(on)).to.equal(true);
    for (const off of [false, 'false', 'False', 'no', 'off', '0', 0])
      expect(switchOf('cache', off, true), String(off)).to.equal(false);
    for (const absent of [undefined, null, '']) {
      expect(switchOf('cache', absent, true)).to.equal(true);
      expect(switchOf('cache', absent, false)).to.equal(false);
    }
  });

  it('given as another text is refused with its name and the accepted values', () => {
    for (const nonsense of ['maybe', 'tru', '2', 2, NaN, {}, [], ['true'], '__proto__', 'constructor'])
      expect(() => switchOf('skipPrivate', nonsense, true), typeof nonsense)
        .to.throw(/^Not valid: skipPrivate is .*; it must be true or false/)
        .with.property('code', 'VT_CONFIG');
    expect(() => switchOf('cache', '${CACHE_REPORTS}', true)).to.throw(
      'cache comes from the environment variable CACHE_REPORTS, which is not set',
    );
  });

  describe('of a deployed node, as ${VAR}', () => {
    const fixture = withStandIn();
    afterEach(() => {
      delete process.env[VARIABLE];
    });
    const set = (value: string): string => {
      process.env[VARIABLE] = value;
      return '${' + VARIABLE + '}';
    };

    it('keeps private indicators back or sends them', async () => {
      for (const [value, sent] of [
        ['yes', 0],
        ['no', 1],
      ] as const) {
        const flow = await fixture.deploy({
          config: { skipPrivate: set(value) },
          node: { action: 'ip' },
        });
        flow.send({ payload: '10.0.0.7' });
        await flow.ended(1);
        expect(fixture.asked(), value).to.have.length(sent);
        await fixture.undeploy();
      }
    });

    it('turns the cache off', async () => {
      const flow = await fixture.deploy({ config: { cache: set('false') }, node: { action: 'domain' } });
      for (const turn of [1, 2]) {
        flow.send({ payload: 'qorlane.com' });
        await flow.ended(turn);
      }
      expect(fixture.asked()).to.have.length(2);
    });

    it('turns the rate limit off', async () => {
      const flow = await fixture.deploy({
        config: { rateLimit: set('0'), rateLimitMs: 3_600_000, timeScale: 1 },
        node: { action: 'domain' },
      });
      for (const payload of ['qorlane.com', 'meridane.com']) flow.send({ payload });
      await flow.ended(2);
      expect(flow.out).to.have.length(2);
    });

    it('decides what a search looks for and what its messages contain', async () => {
      const on = set('on');
      const flow = await fixture.deploy({
        node: { hosts: on, mailDomains: on, envelope: on, raw: on, quota: on, scans: 'off' },
      });
      flow.send({ payload: 'http://qorlane.com/a from alice@meridane.com' });
      await flow.ended(3);
      expect(fixture.asked()).to.have.members(['http://qorlane.com/a', 'qorlane.com', 'meridane.com']);
      for (const { payload, virustotal } of flow.out) {
        const { response } = payload as { response: object };
        expect(response).to.have.property('raw');
        expect(response).to.not.have.property('scans');
        expect(virustotal).to.have.property('quota');
      }
    });

    it('with a wrong value is refused by name, in each node and for each message', async () => {
      const value = set('perhaps');
      for (const name of ['hosts', 'mailDomains', 'envelope', 'raw', 'scans', 'quota']) {
        const flow = await fixture.deploy({ node: { [name]: value } });
        flow.send({ payload: 'qorlane.com' });
        await flow.ended(1);
        expect(flow.caught[0]?.error, name).to.include({ code: 'VT_CONFIG' });
        expect(flow.caught[0]?.error.message).to.contain(`${name} is "perhaps" (string)`);
        await fixture.undeploy();
      }
      for (const name of ['rateLimit', 'cache', 'skipPrivate']) {
        const flow = await fixture.deploy({ config: { [name]: value } });
        flow.send({ payload: 'qorlane.com' });
        await flow.ended(1);
        expect(flow.caught[0]?.error.message, name).to.contain(`${name} is "perhaps"`);
        expect(logged()).to.contain(`${name} is "perhaps"`);
        await fixture.undeploy();
      }
      expect(fixture.vt.requests).to.deep.equal([]);
    });

    it('with a wrong value does not concern the test of a key', async () => {
      await fixture.deploy({ config: { cache: set('perhaps') } });
      const answer = await helper
        .request()
        .post('/virustotal/test')
        .send({ id: 'vt', apiUrl: fixture.vt.url('v3'), apiVersion: 'v3', apiKey: freshKey() });
      expect(answer.body as object).to.include({ code: 'VT_AUTH' });
    });
  });
});
