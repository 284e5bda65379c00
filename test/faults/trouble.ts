import type { Fault } from '../../tools/fake-virustotal/faults';
import type { Seeded } from '../../tools/fake-virustotal/seeded';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';

type Single = [often: number, fault: (chance: Seeded) => Fault];

/** The key as it must not get into an error: escaped, in base64, in capitals. */
const ECHO = JSON.stringify({
  error: {
    code: 'BadRequestError',
    message: `KEY, ${Buffer.from(STAND_IN_KEY).toString('base64')}, ${STAND_IN_KEY.toUpperCase()}`,
  },
}).replace('KEY', [...STAND_IN_KEY].map((sign) => `\\u00${sign.charCodeAt(0).toString(16)}`).join(''));

/** What VirusTotal and the way to it do wrong, and how often of 10,000 requests. All else is answered as it should be. */
const SINGLE: Single[] = [
  // It passes: tried again.
  [40, () => ({ status: 408 })],
  [40, () => ({ status: 424 })],
  [40, () => ({ status: 400, body: { error: { code: 'NotAvailableYet', message: 'later' } } })],
  [60, () => ({ status: 500 })],
  [60, () => ({ status: 502, html: true })],
  [80, () => ({ status: 503, headers: { 'retry-after': '0' } })],
  [80, () => ({ cut: 'before' })],
  [80, () => ({ cut: 'half' })],
  [15, () => ({ drip: { everyMs: 50 } })],
  // It doesn't.
  [40, () => ({ status: 400 })],
  [40, () => ({ status: 403, body: { error: { code: 'ForbiddenError', message: 'not for you' } } })],
  [40, () => ({ html: 'Please log in' })],
  [60, () => ({ brokenJson: true })],
  [20, () => ({ redirect: 'http://127.0.0.2:9/elsewhere' })],
  [20, () => ({ nested: 5000 })],
  ...['', '[]', 'null', '"text"', '{"data":[]}', '{"data":{"id":7,"attributes":null}}'].map(
    (body): Single => [6, () => ({ body })],
  ),
  [
    10,
    () => ({ body: `{"__proto__":{"response_code":1},"constructor":{"prototype":[]},"data":"toString"}` }),
  ],
  [
    10,
    () => ({ status: 400, body: { error: { code: '__proto__', message: '\u202E\u001B[31m\u2028\r\n' } } }),
  ],
  [20, () => ({ status: 400, body: ECHO })],
  [3, () => ({ gzipBomb: 40 * 1024 * 1024 })],
  // Odd, but a report.
  [40, () => ({ nested: 100 })],
  [200, (chance) => ({ delayMs: chance.between(1, 60) })],
  [60, () => ({ drip: { everyMs: 1, bytes: 2000 } })],
  [60, () => ({ gzip: true })],
  [30, () => ({ gzip: 'claimed' })],
  [40, () => ({ redirect: '?again' })],
];

/** What goes wrong with many requests in a row, so that their tries are used up: how many. */
const OUTAGES: [times: number, fault: Fault][] = [
  [60, { status: 503 }],
  [60, { cut: 'before' }],
  [40, { status: 504, html: 'upstream request timeout' }],
  // Enough of them that aborted requests meet it again.
  [220, { delayMs: 'forever' }],
];

/** What is about the whole key. */
const KEY_TROUBLE: Fault[] = [
  { echoKey: true },
  { status: 429, body: { error: { code: 'QuotaExceededError', message: 'Quota exceeded' } } },
  // Over v2 it says "quota", over v3 nothing.
  { status: 204 },
];

const REQUESTS_A_TURN = 350;

/** What happens to a number of requests, in their order: in each turn an outage, a trouble of the key, and else what chance brings. */
export function troubles(chance: Seeded, requests: number): Fault[] {
  const script: Fault[] = [];
  for (let turn = 0, made = 0; made < requests; turn++) {
    const outageAt = chance.between(0, REQUESTS_A_TURN - 1);
    const keyTroubleAt = chance.between(0, REQUESTS_A_TURN - 1);
    for (let at = 0; at < REQUESTS_A_TURN; at++, made++) {
      if (at === outageAt) {
        const [times, fault] = OUTAGES[turn % OUTAGES.length] as (typeof OUTAGES)[number];
        script.push({ ...fault, times });
        made += times - 1;
      } else if (at === keyTroubleAt) script.push(KEY_TROUBLE[turn % KEY_TROUBLE.length] as Fault);
      else script.push(single(chance));
    }
  }
  return script;
}

function single(chance: Seeded): Fault {
  let lot = chance.between(0, 9999);
  return SINGLE.find(([often]) => (lot -= often) < 0)?.[1](chance) ?? {};
}

/** How often each kind of trouble occurred in the first `count` requests of a script. */
export function played(script: readonly Fault[], requests: number): Record<string, number> {
  const kinds: Record<string, number> = {};
  let made = 0;
  for (const fault of script) {
    const times = Math.min(fault.times ?? 1, requests - made);
    if (times <= 0) break;
    made += times;
    const kind = kindOf(fault);
    if (kind !== undefined) kinds[kind] = (kinds[kind] ?? 0) + times;
  }
  return kinds;
}

function kindOf({
  nested,
  gzipBomb,
  cut,
  drip,
  delayMs,
  redirect,
  gzip,
  body,
  html,
  ...fault
}: Fault): string | undefined {
  if (nested !== undefined) return `answer nested ${nested} deep`;
  if (gzipBomb !== undefined) return 'answer that unpacks to 40 MiB';
  if (cut !== undefined) return 'connection cut';
  if (drip !== undefined) return 'answer that drips';
  if (delayMs !== undefined) return delayMs === 'forever' ? 'no answer' : 'late answer';
  if (redirect !== undefined) return 'redirection';
  if (gzip !== undefined) return 'gzip';
  if (fault.echoKey === true || body === ECHO) return 'answer that quotes the key';
  if (fault.status !== undefined) return `status ${fault.status}`;
  if (body !== undefined || html !== undefined || fault.brokenJson === true)
    return 'answer that is no report';
  return undefined;
}
