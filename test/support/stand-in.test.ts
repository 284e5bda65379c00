import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { type Dispatcher, request } from 'undici';
import {
  STAND_IN_KEY,
  type StandIn,
  type StandInOptions,
  startStandIn,
} from '../../tools/fake-virustotal/stand-in';

const HASH = 'a3'.repeat(16);

describe('The VirusTotal stand-in', () => {
  let vt: StandIn;
  const start = async (options: StandInOptions = {}): Promise<void> => {
    vt = await startStandIn(options);
  };
  afterEach(() => vt.close());

  type Asked = Partial<{ key: string; form: string; headers: Record<string, string>; signal: AbortSignal }>;
  const v3 = (
    path: string,
    { key = STAND_IN_KEY, headers, ...more }: Asked = {},
  ): Promise<Dispatcher.ResponseData> =>
    request(vt.url('v3') + path, { headers: { 'x-apikey': key, ...headers }, ...more });
  const v2 = (
    path: string,
    { key = STAND_IN_KEY, form, headers }: Asked = {},
  ): Promise<Dispatcher.ResponseData> =>
    form === undefined
      ? request(`${vt.url('v2')}${path}&apikey=${key}`, { headers: { ...headers } })
      : request(vt.url('v2') + path, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: `${form}&apikey=${key}`,
        });
  const json = async (answer: Promise<Dispatcher.ResponseData>): Promise<Json> =>
    (await (await answer).body.json()) as Json;
  const urlId = (url: string): string => Buffer.from(url).toString('base64url');

  describe('over v3', () => {
    it('gives the same report of an indicator each time and of a file by each of its hashes', async () => {
      await start({ catalogue: { [HASH]: 31 } });
      const first = await json(v3(`files/${HASH}`));
      const { sha256, sha1, last_analysis_stats } = first.data.attributes;
      expect(last_analysis_stats).to.include({ malicious: 31, suspicious: 0 });
      expect(first.data.id).to.equal(sha256);
      expect(await json(v3(`files/${String(sha1)}`))).to.deep.equal(first);
      expect(await json(v3(`files/${String(sha256).toUpperCase()}`))).to.deep.equal(first);
    });

    it('gives objects of all four types with stats that agree with the engines', async () => {
      const url = 'http://parcel-desk-redelivery.com/track?a=1&b=ü';
      await start({
        catalogue: { [HASH]: 12, [url]: 3, 'parcel-desk-redelivery.com': 0, '2e00::1': 'clean' },
      });
      for (const [path, type, malicious] of [
        [`files/${HASH}`, 'file', 12],
        [`urls/${urlId(url)}`, 'url', 3],
        ['domains/parcel-desk-redelivery.com', 'domain', 0],
        ['ip_addresses/2e00%3A0%3A0%3A0%3A0%3A0%3A0%3A1', 'ip_address', 0],
      ] as const) {
        const { data } = await json(v3(path));
        const results = Object.values(
          data.attributes.last_analysis_results as Record<string, { category: string }>,
        );
        expect(data.type).to.equal(type);
        expect(results.filter(({ category }) => category === 'malicious')).to.have.length(malicious);
        const stats = Object.values(data.attributes.last_analysis_stats as Record<string, number>);
        expect(stats.reduce((sum, n) => sum + n)).to.equal(results.length);
        expect(results.length).to.be.within(70, 97);
      }
    });

    it('recognizes a URL by the id that it gave out', async () => {
      await start({ catalogue: { 'http://lodge-invoices.net': 8 } });
      const { data } = await json(v3(`urls/${urlId('http://lodge-invoices.net')}`));
      expect(data.attributes['url']).to.equal('http://lodge-invoices.net/');
      expect(await json(v3(`urls/${data.id}`))).to.deep.equal({ data });
      expect(vt.requests.map(({ indicator }) => indicator)).to.deep.equal([
        'http://lodge-invoices.net',
        'http://lodge-invoices.net/',
      ]);
    });

    it('answers 404 for an unknown or malformed hash and 400 for an invalid domain', async () => {
      await start({ catalogue: { 'never-seen.net': 'unknown', 'not-taken.net': 'refused' } });
      const missing = await v3('domains/never-seen.net');
      expect(missing.statusCode).to.equal(404);
      expect(await missing.body.json()).to.deep.equal({
        error: { code: 'NotFoundError', message: 'Domain "never-seen.net" not found' },
      });
      expect((await v3('files/xyz')).statusCode).to.equal(404);
      expect((await v3('domains/no_dot')).statusCode).to.equal(400);
      expect((await v3('domains/not-taken.net')).statusCode).to.equal(400);
      expect((await v3('collections/1')).statusCode).to.equal(404);
    });

    it('gives an object without a verdict while the first scan is queued', async () => {
      await start({ catalogue: { [HASH]: 'queued' } });
      const { attributes } = (await json(v3(`files/${HASH}`))).data;
      expect(attributes.last_analysis_results).to.deep.equal({});
      expect(Object.values(attributes.last_analysis_stats as object).every((n) => n === 0)).to.be.true;
    });

    it('sends a file report as large as real ones, with gzip for clients that name it', async () => {
      await start({ catalogue: { [HASH]: 40 } });
      const plain = await v3(`files/${HASH}`, { headers: { 'accept-encoding': 'gzip' } });
      expect(plain.headers['content-encoding']).to.equal(undefined);
      expect((await plain.body.bytes()).length).to.be.within(38_000, 52_000);
      const zipped = await v3(`files/${HASH}`, {
        headers: { 'accept-encoding': 'gzip', 'user-agent': 'someone (gzip)' },
      });
      expect(zipped.headers['content-encoding']).to.equal('gzip');
      expect((await zipped.body.bytes()).length).to.be.below(20_000);
    });

    it('gives the MITRE tactics of a file and none of a clean one', async () => {
      await start({ catalogue: { [HASH]: 40, ['b4'.repeat(16)]: 'clean' } });
      const { data } = await json(v3(`files/${HASH}/behaviour_mitre_trees`));
      expect(Object.keys(data)).to.deep.equal(['Greenroom', 'Glasshouse']);
      expect((await json(v3(`files/${'b4'.repeat(16)}/behaviour_mitre_trees`))).data).to.deep.equal({});
    });

    it('gives the quotas of the key without counting the request', async () => {
      await start({ quota: { perWindow: 4, daily: 500, monthly: 15_500 } });
      await v3('domains/first.net');
      const { data } = await json(v3(`users/${STAND_IN_KEY}/overall_quotas`));
      expect(data).to.deep.include({
        api_requests_hourly: { user: { used: 1, allowed: 240 } },
        api_requests_daily: { user: { used: 1, allowed: 500 } },
      });
      expect(vt.counts()).to.include({ all: 2, accepted: 1 });
    });
  });

  describe('over v2', () => {
    it('gives file and URL reports over GET and POST with positives and total', async () => {
      const url = 'http://lodge-invoices.net/a,b';
      await start({
        catalogue: {
          [HASH]: { malicious: 20, engines: 70 },
          [url]: { malicious: 4, suspicious: 2, engines: 90 },
        },
      });
      for (const file of [
        await json(v2(`file/report?resource=${HASH}`)),
        await json(v2('file/report', { form: `resource=${HASH}` })),
      ]) {
        expect(file).to.include({ response_code: 1, positives: 20, total: 70, resource: HASH, md5: HASH });
        expect(Object.values(file['scans'] as object)).to.have.length(70);
        expect(JSON.stringify(file).length).to.be.within(6_000, 9_500);
      }
      const report = await json(v2('url/report', { form: `resource=${encodeURIComponent(url)}` }));
      expect(report).to.include({ response_code: 1, positives: 4, total: 90, url });
    });

    it('gives domain and IP address reports with lists of detections instead of positives', async () => {
      await start({ catalogue: { 'lodge-invoices.net': 9, '21.84.193.7': 'clean' } });
      const domain = await json(v2('domain/report?domain=lodge-invoices.net'));
      expect(domain).to.include({ response_code: 1, verbose_msg: 'Domain found in dataset' });
      expect(domain).not.to.have.any.keys('positives', 'total', 'scans', 'resource');
      expect(domain['detected_urls']).to.have.length(9);
      const ip = await json(v2('ip-address/report?ip=21.84.193.7'));
      expect(ip).to.include({ response_code: 1, verbose_msg: 'IP address in dataset' });
      expect(ip['detected_urls']).to.deep.equal([]);
    });

    it('answers unknown, queued and malformed resources with 200 and a code', async () => {
      await start({
        catalogue: {
          [HASH]: 'queued',
          'never-seen.net': 'unknown',
          ['c5'.repeat(20)]: 'unknown',
          'http://q.net/': 'unknown',
        },
      });
      expect(await json(v2(`file/report?resource=${HASH}`))).to.include({ response_code: -2 });
      expect(await json(v2(`file/report?resource=${'c5'.repeat(20)}`))).to.include({ response_code: 0 });
      expect(await json(v2('file/report?resource=nonsense'))).to.include({
        response_code: 0,
        verbose_msg: 'Invalid resource, check what you are submitting',
      });
      expect(await json(v2('domain/report?domain=never-seen.net'))).to.deep.equal({
        response_code: 0,
        verbose_msg: 'Domain not found',
      });
      expect(await json(v2('ip-address/report?ip=2e00::1'))).to.include({ response_code: -1 });
      const submitted = await json(v2('url/report?scan=1&resource=http://q.net/'));
      expect(submitted).to.include({ response_code: 1 }).and.not.have.property('positives');
      expect((await v2('domain/report?')).statusCode).to.equal(400);
    });

    it('answers a batch with a list, drops what exceeds four and counts each resource', async () => {
      await start({ quota: { perWindow: 5, windowMs: 60_000 } });
      const hashes = ['1', '2', '3', '4', '5'].map((digit) => digit.repeat(32));
      const list = (await json(v2(`file/report?resource=${hashes.join(',')}`))) as unknown as Json[];
      expect(list.map(({ resource }) => resource)).to.deep.equal(hashes.slice(0, 4));
      expect((await v2('file/report?resource=' + hashes.slice(0, 2).join(','))).statusCode).to.equal(204);
      const urls = encodeURIComponent('http://a.net/1,2\nhttp://b.net/');
      vt.reset();
      expect(await json(v2('url/report', { form: `resource=${urls}` }))).to.have.length(2);
    });
  });

  describe('checking requests', () => {
    it('accepts no request without the right key', async () => {
      await start();
      expect(await json(v3('domains/a.net', { key: 'f'.repeat(64) }))).to.deep.equal({
        error: { code: 'WrongCredentialsError', message: 'Wrong API key' },
      });
      expect((await request(vt.url('v3') + 'domains/a.net')).statusCode).to.equal(401);
      const v2Answer = await v2('domain/report?domain=a.net', { key: 'wrong' });
      expect(v2Answer.statusCode).to.equal(403);
      expect(await v2Answer.body.text()).to.equal('');
      expect(vt.counts()).to.include({ all: 3, denied: 3, accepted: 0 });
    });

    it('refuses the fifth request in any 60 seconds, not only in a clock minute', async () => {
      let clock = 0;
      await start({ quota: { perWindow: 4 }, now: () => clock });
      const at = async (ms: number): Promise<number> => {
        clock = ms;
        return (await v3('domains/a.net')).statusCode !== 429 ? 1 : 0;
      };
      const taken: number[] = [];
      for (const ms of [0, 30_000, 59_000, 59_500, 59_999, 60_000, 61_000, 89_999, 90_000])
        taken.push(await at(ms));
      expect(taken).to.deep.equal([1, 1, 1, 1, 0, 1, 0, 0, 1]);
      expect(vt.requests.map((r) => r.at).slice(0, 3)).to.deep.equal([0, 30_000, 59_000]);
      expect(vt.counts()).to.include({ all: 9, accepted: 6, refused: 3 });
      expect(vt.counts().byIndicator).to.deep.equal({ 'a.net': 9 });
    });

    it('refuses over v2 with an empty 204 from the same quota', async () => {
      await start({ quota: { perWindow: 1 } });
      await v3('domains/a.net');
      const answer = await v2('domain/report?domain=a.net');
      expect(answer.statusCode).to.equal(204);
      expect(await answer.body.text()).to.equal('');
    });

    it('turns the day and the month at 00:00 UTC', async () => {
      let clock = Date.UTC(2026, 10, 30, 23, 59, 59);
      await start({ quota: { daily: 1, monthly: 2 }, now: () => clock });
      const ask = async (): Promise<number> => (await v3('domains/a.net', {})).statusCode;
      await ask();
      expect(await ask()).to.equal(429);
      clock += 1000;
      await ask();
      expect(vt.counts()).to.include({ accepted: 2, refused: 1 });
    });
  });

  describe('with a script', () => {
    const fails = async (answer: Promise<Dispatcher.ResponseData>): Promise<string> => {
      try {
        await (await answer).body.text();
      } catch (error) {
        return (error as { code?: string }).code ?? String(error);
      }
      return 'nothing failed';
    };

    it('plays one fault after another and then answers correctly again', async () => {
      await start({ catalogue: { 'a.net': 7 } });
      vt.script([{ status: 503 }, { status: 502, html: true }, {}, { body: '{}' }, { brokenJson: true }]);
      const seen: [number, string][] = [];
      for (let i = 0; i < 6; i++) {
        const answer = await v3('domains/a.net');
        const text = await answer.body.text();
        seen.push([answer.statusCode, text.length > 1000 ? 'long' : text.slice(0, 14)]);
        if (i === 4) expect(() => void JSON.parse(text)).to.throw(SyntaxError);
      }
      expect(seen).to.deep.equal([
        [503, '{"error":{"cod'],
        [502, '<!DOCTYPE html'],
        [200, 'long'],
        [200, '{}'],
        [200, 'long'],
        [200, 'long'],
      ]);
      expect(vt.counts()).to.include({ all: 6, faulty: 4 });
    });

    it('cuts the connection before the answer or in the middle of it', async () => {
      await start({ catalogue: { 'a.net': 7 } });
      vt.script([{ cut: 'before' }, { cut: 'half' }]);
      expect(await fails(v3('domains/a.net'))).to.equal('UND_ERR_SOCKET');
      expect(await fails(v3('domains/a.net'))).to.equal('UND_ERR_SOCKET');
      expect(vt.requests.map(({ status }) => status)).to.deep.equal([0, 200]);
    });

    it('can delay, drip, redirect, echo the key and send a gzip bomb', async () => {
      await start({ catalogue: { 'a.net': 7, 'b.net': 1 } });
      vt.script([
        { delayMs: 20 },
        { drip: { everyMs: 1, bytes: 20_000 } },
        { redirect: '/api/v3/domains/b.net' },
        { echoKey: true },
        { gzipBomb: 1_000_000 },
      ]);
      const right = await json(v3('domains/a.net'));
      expect(await json(v3('domains/a.net'))).to.deep.equal(right);
      const moved = await v3('domains/a.net');
      expect([moved.statusCode, moved.headers['location']]).to.deep.equal([302, '/api/v3/domains/b.net']);
      expect(await (await v3('domains/a.net')).body.text()).to.contain(STAND_IN_KEY);
      const bomb = await v3('domains/a.net');
      expect(bomb.headers['content-encoding']).to.equal('gzip');
      expect((await bomb.body.bytes()).length).to.be.below(20_000);
    });

    it('can leave a request unanswered and still close', async () => {
      await start();
      vt.script([{ delayMs: 'forever' }]);
      const waiting = fails(v3('domains/a.net'));
      while (vt.requests.length === 0) await new Promise(setImmediate);
      await vt.close();
      expect(await waiting).to.equal('UND_ERR_SOCKET');
      await start();
    });

    it('can limit faults to one indicator or to what a function selects', async () => {
      await start({ catalogue: { 'a.net': 7, 'b.net': 7 } });
      vt.script({ 'b.net': [{ status: 500, times: 2 }] });
      const ask = async (domain: string): Promise<number> => (await v3(`domains/${domain}`)).statusCode;
      expect([await ask('b.net'), await ask('a.net'), await ask('b.net'), await ask('b.net')]).to.deep.equal([
        500, 200, 500, 200,
      ]);
      vt.script((asked) => (asked.indicator === 'a.net' ? { status: 504 } : undefined));
      expect([await ask('a.net'), await ask('b.net')]).to.deep.equal([504, 200]);
    });
  });

  describe('as a separate process', () => {
    it('prints its address, counts the requests of others and ends with its parent', async () => {
      await start();
      const main = join(__dirname, '../../tools/fake-virustotal/main.ts');
      const child = spawn(process.execPath, ['--import=tsx', main, '--with-stdin', '--per-window', '1'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      const { origin, v3: base, apiKey } = JSON.parse(line) as Record<'origin' | 'v3' | 'apiKey', string>;
      const post = (path: string, body: unknown): Promise<Dispatcher.ResponseData> =>
        request(origin + path, { method: 'POST', body: JSON.stringify(body) });
      await (await post('/__stand-in/reset', { catalogue: { 'a.net': 'unknown' } })).body.text();
      const ask = async (): Promise<number> =>
        (await request(`${base}domains/a.net`, { headers: { 'x-apikey': apiKey } })).statusCode;
      expect([await ask(), await ask()]).to.deep.equal([404, 429]);
      expect(await json(request(`${origin}/__stand-in/counts`))).to.deep.include({
        all: 2,
        accepted: 1,
        refused: 1,
        byIndicator: { 'a.net': 2 },
      });
      child.stdin.end();
      const [code] = (await once(child, 'exit')) as [number];
      expect(code).to.equal(0);
    });
  });
});

interface Json {
  data: { id: string; type: string; attributes: Record<string, unknown> };
  [field: string]: unknown;
}
