import { expect } from 'chai';
import { redisAddress } from '../../../src/lookup/redis/address';
import { COMMANDS, type CommandName } from '../../../src/lookup/redis/commands';
import { KeyRegistry } from '../../../src/lookup/key-registry';
import { RedisBackend } from '../../../src/lookup/redis/redis-backend';
import { VirusTotalService } from '../../../src/lookup/service';
import { eventually } from '../../../tools/eventually';
import { freshKey } from '../../../tools/fake-virustotal/fresh-key';
import { whenState } from '../../support/instances';
import { until } from '../../../tools/scheduler-clients';
import { ODD_REPLIES as ODD } from '../../support/odd-replies';
import { list, ScriptedRedis, state, text, type Command } from '../../support/scripted-redis';
import { startStandIn, type StandIn } from '../../../tools/fake-virustotal/stand-in';

/** What answers the same to any command at all. */
const TO_ALL = ['a word', 'null in RESP3', 'an empty list', 'a list of nulls', 'a number', 'a map'];

describe('A Redis that answers what no Redis does', function () {
  let vt: StandIn;
  let apiKey: string;
  const redises: ScriptedRedis[] = [];
  const services: VirusTotalService[] = [];
  const unhandled: unknown[] = [];
  const note = (error: unknown): unknown => unhandled.push((error as Error).stack);

  before(() => {
    process.prependListener('uncaughtException', note);
    process.prependListener('unhandledRejection', note);
  });
  after(() => {
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
  });
  beforeEach(async () => {
    unhandled.length = 0;
    apiKey = freshKey();
    vt = await startStandIn({ apiKey });
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
    await Promise.all(redises.splice(0).map((redis) => redis.close()));
    await vt.close();
    expect(unhandled).to.deep.equal([]);
  });

  const redisThat = async (replies: (command: Command) => string | undefined): Promise<ScriptedRedis> => {
    const redis = await new ScriptedRedis().start();
    redis.replies = replies;
    redises.push(redis);
    return redis;
  };
  const join = (redis: ScriptedRedis): VirusTotalService => {
    const service = new VirusTotalService({
      ...{ apiKey, apiUrl: vt.url('v3'), rateLimit: false, dailyQuota: 5000, monthlyQuota: 0 },
      ...{ store: 'redis', redisUrl: redis.url, keyRegistry: new KeyRegistry(), timeScale: 0.001 },
    });
    services.push(service);
    return service;
  };
  const lookUp = async (service: VirusTotalService): Promise<void> => {
    const report = await service.lookup({ type: 'domain', value: 'a.example.com' }, { refresh: true });
    expect(report.resource).to.equal('a.example.com');
  };

  /** Odd answers that this script doesn't give itself. */
  const oddFor = (script: CommandName): [string, string][] =>
    Object.entries(ODD).filter(([what]) => {
      const answersOk = !['vtHeartbeat', 'vtReserve', 'vtReconcile', 'vtReadReport'].includes(script);
      if (what === 'the word OK') return !answersOk;
      // Any list that begins so is an answer of this script: what follows isn't read.
      if (script === 'vtReconcile') return !/decisions|company|instance/.test(what);
      return true;
    });

  it('is asked by every script in this test', () => {
    expect(Object.keys(COMMANDS).sort()).to.deep.equal(Object.keys(CALLS).sort());
  });

  /** Does what runs the script. */
  const CALLS: Record<CommandName, (state: RedisBackend) => unknown> = {
    vtHeartbeat: () => undefined,
    vtDeregister: (state) => state.close(),
    vtReserve: (state) =>
      state.reserve([reservation(state)]).catch(state.health.onFailure.bind(state.health)),
    vtCancel: (state) => state.cancel(reservation(state)),
    vtRestamp: (state) => state.restamp('id', 1),
    vtBlock: (state) => state.block({ kind: 'rate-limited', text: 'no', remainingMs: 1000, pauses: 1 }),
    vtUnblock: (state) => state.unblock(['unauthorized']),
    vtReconcile: (state) =>
      state.reconcile({ daily: { used: 1, allowed: 2 } }, 0, {
        day: '',
        dayUsed: 0,
        month: '',
        monthUsed: 0,
      }),
    vtReadReport: (state) => reports(state).get(DOMAIN),
    vtWriteReport: (state) =>
      reports(state).set(undefined, DOMAIN, { report: {} as never, body: Buffer.from('{}') }, 1000),
    vtReleaseLease: (state) => {
      const lease = leaseOf(state);
      state.commit({ id: 'id', lease: lease });
      reports(state).release(lease);
    },
  };
  const DOMAIN = { type: 'domain', value: 'a.example.com' } as const;
  const reservation = (state: RedisBackend) => ({ id: state.usage.nextId(), lease: undefined });
  const reports = (state: RedisBackend) => state.reports({ apiVersion: 'v3', apiUrl: '' });
  const leaseOf = (state: RedisBackend) => reports(state).lease(DOMAIN, false) as never;

  for (const script of Object.keys(COMMANDS) as CommandName[])
    it(`is reported as a problem with its name when it answers ${script} so, and nothing else`, async () => {
      await Promise.all(
        oddFor(script).map(async ([what, reply]) => {
          let odd = script === 'vtHeartbeat';
          const redis = await redisThat((command) => (odd && command.script === script ? reply : undefined));
          const state = new RedisBackend(apiKey, redisAddress(redis.url)).retain();
          if (!odd) {
            await until(state, () => state.health.isUp);
            odd = true;
            void CALLS[script](state);
            if (script === 'vtDeregister') return;
          }
          const named = (): boolean => state.problem?.code === 'REDIS_BAD_REPLY';
          await until(state, named);
          expect(state.problem?.text, what).to.match(
            /^The server at 127\.0\.0\.1:\d+ does not answer as Redis does \(/,
          );
          await state.close();
        }),
      );
    });

  it('keeps no lookup from its report, and is reported to the user', async () => {
    for (const what of ['the word OK', 'null in RESP3', 'an empty list']) {
      const redis = await redisThat(({ script }) => (script ? ODD[what] : undefined));
      const service = join(redis);
      await whenState(service, ({ sharingProblem }) => sharingProblem !== null);
      expect(service.stats().sharingProblem?.code).to.equal('REDIS_BAD_REPLY');
      await lookUp(service);
    }
  });

  for (const [what, script] of [
    ['more decisions than requests', 'vtReserve'],
    ['decisions of another kind', 'vtReserve'],
    ['a company without us', 'vtHeartbeat'],
  ] as const)
    it(`keeps no lookup waiting by one answer with ${what}`, async () => {
      // In a Redis that has forgotten all, who wants to start has to say first that it is there.
      const odd = [...(script === 'vtHeartbeat' ? [state({ isStale: true })] : []), ODD[what]];
      const redis = await redisThat((command) =>
        command.script === (odd.length > 1 ? 'vtReserve' : script) ? odd.shift() : undefined,
      );
      const service = join(redis);
      await lookUp(service);
      await lookUp(service);
      expect(odd).to.deep.equal([]);
    });

  for (const name of ['HELLO', 'CLIENT', 'INFO', 'SUBSCRIBE', 'UNLINK', 'SCAN'])
    it(`does no harm when it answers ${name} otherwise`, async () => {
      await Promise.all(
        Object.values(ODD).map(async (reply) => {
          const redis = await redisThat((command) => {
            if (command.name === 'SCAN' && name === 'UNLINK')
              return `*2\r\n${text('0')}${list('virustotal:x')}`;
            return command.name === name ? reply : undefined;
          });
          const service = join(redis);
          await lookUp(service);
          service.clearCache();
          await lookUp(service);
        }),
      );
    });

  it('does no harm when it says something else than Redis to everything', async () => {
    for (const what of TO_ALL) {
      const service = join(await redisThat(() => ODD[what]));
      await lookUp(service);
      await whenState(service, ({ sharingProblem }) => sharingProblem !== null);
      expect(service.stats().sharingProblem?.code, what).to.match(/^REDIS_(BAD_REPLY|DOWN)$/);
    }
  });

  it('does no harm when it speaks unasked, or in a channel of its own', async () => {
    const redis = await redisThat(() => undefined);
    const service = join(redis);
    const seen = (): number => redis.commands.filter(({ script }) => script === 'vtHeartbeat').length;
    await eventually(() => seen() > 0);
    for (const bytes of [
      '_\r\n',
      '+OK\r\n',
      '*0\r\n',
      '>0\r\n',
      '>1\r\n_\r\n',
      '>1\r\n*0\r\n',
      `>1\r\n${text('message')}`,
      `>3\r\n${text('message')}_\r\n_\r\n`,
      `>3\r\n${text('message')}${text('news')}:1\r\n`,
      `>3\r\n${text('message')}${text('news')}${text('x'.repeat(1_000_000))}`,
      `>2\r\n${text('subscribe')}_\r\n`,
      `>1\r\n${text('unsubscribe')}`,
    ]) {
      const before = seen();
      redis.send(bytes);
      await eventually(() => seen() > before);
      await lookUp(service);
    }
  });

  it('is given up when an answer has no end', async () => {
    const flood = 'x'.repeat(1024 * 1024);
    let sent = 0;
    const redis = await redisThat(({ script }) => {
      if (script !== 'vtHeartbeat') return undefined;
      sent++;
      return `$2000000000\r\n${flood.repeat(70)}`;
    });
    const service = join(redis);
    await whenState(service, ({ sharingProblem }) => sharingProblem?.code === 'REDIS_BAD_REPLY');
    expect(sent).to.be.at.least(1);
    await lookUp(service);
  });
});
