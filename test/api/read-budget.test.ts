import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import { ReadBudget, readBudget } from '../../src/api/read-budget';
import { eventually } from '../../tools/eventually';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { failureOf } from './failing';
import { domainBody, serve, type LocalServer } from './local-server';

const MIB = 1024 * 1024;
const ALL = 64 * MIB;
const DOMAIN = { type: 'domain', value: 'example.com' } as const;

describe('The read budget', () => {
  it('is granted at once while some is left, then in the order of the requests', () => {
    const budget = new ReadBudget(10);
    const went: string[] = [];
    const ask = (name: string, bytes: number) => budget.take(bytes, () => went.push(name));
    const a = ask('a', 6);
    const b = ask('b', 6);
    const c = ask('c', 1);
    expect([a.granted, b.granted, c.granted]).to.deep.equal([true, false, false]);
    a.release();
    expect(went).to.deep.equal(['b', 'c']);
    expect(budget.taken).to.equal(7);
    for (const room of [a, b, c, b]) room.release();
    expect(budget.taken).to.equal(0);
  });

  it('is not kept for a request that was given up', () => {
    const budget = new ReadBudget(10);
    const went: string[] = [];
    const a = budget.take(10, () => went.push('a'));
    const b = budget.take(10, () => went.push('b'));
    budget.take(10, () => went.push('c'));
    b.release();
    a.release();
    expect(went).to.deep.equal(['c']);
  });

  it('is granted as a whole to a request for more than there is', () => {
    const budget = new ReadBudget(10);
    const room = budget.take(11, () => undefined);
    expect(room.granted).to.equal(true);
    expect(budget.taken).to.equal(10);
    room.release();
    expect(budget.taken).to.equal(0);
  });
});

describe('Large answers at once', () => {
  let server: LocalServer;
  let api: VirusTotalApi;
  let answer: (response: ServerResponse) => void;
  let most: number;
  let watching: NodeJS.Timeout;

  beforeEach(async () => {
    server = await serve((_request, response) => answer(response));
    api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: server.origin });
    most = 0;
    watching = setInterval(() => (most = Math.max(most, readBudget.taken)), 1);
  });
  afterEach(async () => {
    clearInterval(watching);
    await api.close();
    await server.close();
    expect(readBudget.taken).to.equal(0);
  });

  const json = { 'content-type': 'application/json' };
  const large = domainBody('x'.repeat(7 * MIB));

  for (const [how, body] of [
    ['in gzip', gzipSync(large)],
    ['in two gzip streams, of which the last is small', Buffer.concat([gzipSync(large), gzipSync(' ')])],
    ['as they are', Buffer.from(large)],
  ] as const) {
    it(`are all read, a few at a time, when each has 7 MiB ${how}`, async () => {
      answer = (response) => response.writeHead(200, json).end(body);
      const sizes = await Promise.all(
        Array.from({ length: 17 }, async () => {
          const exchange = await api.getReport(DOMAIN);
          return 'answer' in exchange ? exchange.answer.body.length : 0;
        }),
      );
      expect(new Set(sizes)).to.deep.equal(new Set([large.length + (how.includes('two') ? 1 : 0)]));
      expect(most).to.be.within(7 * MIB, ALL);
    });
  }

  it('wait for slow ones without using up their own timeout', async () => {
    await api.close();
    api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: server.origin, timeout: 4_000 });
    const slow: ServerResponse[] = [];
    // Eight that stop in the middle take all the room; they are given up in time, and then it is the ninth's turn.
    answer = (response) => {
      response.writeHead(200, json);
      if (slow.length === 8) return void response.end(large);
      slow.push(response);
      response.write('{"data":"' + 'x'.repeat(MIB));
    };
    const stuck = Array.from({ length: 8 }, () => failureOf(api.getReport(DOMAIN)));
    await eventually(() => Promise.resolve(readBudget.taken === ALL));
    // Asked again while it waits for its turn, it would be late by as much as those before it.
    const patient = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: server.origin, timeout: 3_000 });
    const exchange = await patient.getReport(DOMAIN);
    expect(exchange).to.have.property('answer');
    for (const error of await Promise.all(stuck)) expect(error.code).to.equal('VT_TIMEOUT');
    await patient.close();
  });

  it('do not delay a small answer', async () => {
    const slow: ServerResponse[] = [];
    answer = (response) => {
      response.writeHead(200, json);
      if (slow.length === 8) return void response.end(domainBody());
      slow.push(response);
      response.write('{"data":"' + 'x'.repeat(MIB));
    };
    const stuck = Array.from({ length: 8 }, () => failureOf(api.getReport(DOMAIN)));
    await eventually(() => Promise.resolve(readBudget.taken === ALL));
    expect(await api.getReport(DOMAIN)).to.have.property('answer');
    for (const response of slow) response.destroy();
    await Promise.all(stuck);
  });

  it('leave the queue when their client is closed', async () => {
    answer = (response) => response.writeHead(200, json).write('{"data":"' + 'x'.repeat(MIB));
    const stuck = Array.from({ length: 12 }, () => failureOf(api.getReport(DOMAIN)));
    await eventually(() => Promise.resolve(readBudget.taken === ALL));
    await api.close();
    for (const error of await Promise.all(stuck)) expect(error.code).to.equal('VT_CLOSED');
  });
});
