import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { commandsOf, DIRECT, TRIALS } from '../../../src/lookup/redis/permissions';
import { COMMANDS } from '../../../src/lookup/redis/commands';
import type { VirusTotalService } from '../../../src/lookup/service';
import { whenState, withInstances } from '../../support/instances';
import { describeWithRedis, RedisServer } from '../../../tools/redis-server';

const NEEDED = [...commandsOf(COMMANDS), ...DIRECT];

/** The rule that the docs give, without the user's name and password. */
function documented(): string[] {
  const docs = readFileSync(join(__dirname, '../../../docs/scaling.md'), 'utf8');
  const [, rule = ''] = /^ACL SETUSER node-red on >PASSWORD (.*)$/m.exec(docs) ?? [];
  return rule.split(' ');
}

describe("The rule for Redis's user in docs/scaling.md", () => {
  it('allows what the scripts and the connection need, and nothing else', () => {
    const allowed = documented().filter((part) => part.startsWith('+'));
    expect(allowed.sort()).to.deep.equal(NEEDED.map((name) => `+${name.toLowerCase()}`).sort());
  });

  it('is of commands each of which can be tried', () => {
    for (const name of commandsOf(COMMANDS)) expect(TRIALS).to.have.property(name);
  });
});

describeWithRedis('A Redis user', () => {
  const fixture = withInstances();
  const user = 'node-red';
  const login = (name = user): string => fixture.redis.url.replace('//', `//${name}:pw@`);
  const setUser = (name: string, ...rules: string[]): Promise<unknown> =>
    fixture.redis.with((client) => client.acl('SETUSER', name, 'reset', 'on', '>pw', ...rules));
  const trouble = async (service: VirusTotalService): Promise<{ code: string; text: string } | null> => {
    await whenState(service, ({ sharingProblem }) => sharingProblem !== null);
    return service.stats().sharingProblem;
  };
  /** Every name in Redis with a time to live, or without one. */
  const left = (): Promise<string[]> =>
    fixture.redis.with(async (client) =>
      (await client.keys('*')).filter((name) => /:(check|none)$/.test(name)),
    );

  it('with the documented rule shares reports, receives them, and empties the cache', async () => {
    await fixture.redis.with((client) => client.acl('LOG', 'RESET'));
    await setUser(user, ...documented());
    const [a, b] = await fixture.joined(2, { redisUrl: login() });
    const indicator = { type: 'domain', value: 'a.example.com' } as const;
    await a?.get(indicator);
    await fixture.redis.until(
      async (client) => (await client.keys(`${fixture.names.prefix}report:*`)).length > 0,
    );
    expect((await b?.get(indicator))?.cached).to.equal(true);
    expect(
      await fixture.redis.with((client) => client.pubsub('NUMSUB', fixture.names.reportsChannel)),
    ).to.deep.equal([fixture.names.reportsChannel, 2]);
    a?.clearCache();
    await fixture.redis.until(
      async (client) => (await client.keys(`${fixture.names.prefix}report:*`)).length === 0,
    );
    expect([a?.stats().sharingProblem, b?.stats().sharingProblem]).to.deep.equal([null, null]);
    const log = (await fixture.redis.with((client) => client.acl('LOG'))) as unknown[][];
    const refused = log.map((entry) => String(entry[entry.indexOf('object') + 1]));
    // Which it does without.
    expect(refused.filter((name) => !/^(client\||info$)/.test(name))).to.deep.equal([]);
    expect(await left()).to.deep.equal([]);
  });

  it('without any one of the commands is told which it lacks', async () => {
    const said = await Promise.all(
      NEEDED.map(async (name) => {
        const one = `lacks-${name.toLowerCase()}`;
        await setUser(one, ...documented(), `-${name.toLowerCase()}`);
        return [name, (await trouble(fixture.join({ redisUrl: login(one) })))?.text];
      }),
    );
    for (const [name, text] of said) expect(text).to.include(`allow it the command ${name}.`);
    expect(await fixture.redis.with((client) => client.keys(`${fixture.names.prefix}*`))).to.have.length(0);
  });

  it('without several things reports all of them, and uses the fallback limiter', async () => {
    await setUser(user, ...documented(), '-time', '-subscribe', '-zadd', 'resetchannels');
    const service = fixture.join({ redisUrl: login() });
    const said = await trouble(service);
    expect(said?.text).to.include('the commands SUBSCRIBE, TIME, ZADD and the channels virustotal:*');
    const found = await service.get({ type: 'domain', value: 'a.example.com' });
    expect(found.cached).to.equal(false);
  });

  it('of other keys is told which it needs', async () => {
    await setUser(user, ...documented(), 'resetkeys', '~other:*');
    expect((await trouble(fixture.join({ redisUrl: login() })))?.text).to.include('the keys virustotal:*');
  });

  it('without SELECT is told so, and nothing is written to another database', async () => {
    await setUser(user, ...documented());
    const said = await trouble(fixture.join({ redisUrl: login().replace('/0', '/2') }));
    expect(said?.text).to.include('the command SELECT');
    expect(await fixture.redis.with((client) => client.keys(`${fixture.names.prefix}*`))).to.have.length(0);
  });

  it('that is given what it lacks shares soon after', async function () {
    await setUser(user, ...documented(), '-time');
    const service = fixture.join({ redisUrl: login() });
    await trouble(service);
    await setUser(user, ...documented());
    await whenState(service, ({ sharingProblem }) => sharingProblem === null);
    await fixture.known(1);
  });

  it('of a Cluster needs two commands more, as documented', async () => {
    const cluster = await new RedisServer({
      args: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
    }).start();
    const slots = Array.from({ length: 16_384 }, (_, slot) => slot);
    await cluster.with((client) => client.cluster('ADDSLOTS', ...slots));
    await cluster.until(async (client) => /cluster_state:ok/.test(String(await client.cluster('INFO'))));
    const more = ['+cluster|slots', '+cluster|info'];
    const rules = ['reset', 'on', '>pw', ...documented(), ...more];
    await cluster.with((client) => client.acl('SETUSER', user, ...rules));
    const redisUrl = cluster.url.replace('//', `//${user}:pw@`).replace('/0', '/?cluster=true');
    const service = fixture.join({ redisUrl });
    await cluster.until(async (client) => (await client.zcard(fixture.names.instances)) === 1);
    expect(service.stats().sharingProblem).to.equal(null);
    await service.close();
    await cluster.close();
  });
});
