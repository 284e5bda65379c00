// The stand-in as a process of its own. Prints {"origin", "v3", "v2", "apiKey"} as one line of JSON when it listens.
//   node --import=tsx tools/fake-virustotal/main.ts [--port 0] [--key KEY] [--per-window 4 --window-ms 60000] [--plain]
// GET /__stand-in/counts[?requests] and POST /__stand-in/reset {quota?, catalogue?, script?, analyses?, privileges?, unlisted?} steer it. It ends with SIGINT or
// SIGTERM, or, with --with-stdin, when its standard input ends, so that it never outlives who started it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { type Changes, STAND_IN_KEY, StandIn } from './stand-in';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    key: { type: 'string', default: STAND_IN_KEY },
    'per-window': { type: 'string' },
    'window-ms': { type: 'string' },
    /** No gzip, whoever asks: for measuring clients by the same bytes. */
    plain: { type: 'boolean', default: false },
    'with-stdin': { type: 'boolean', default: false },
  },
});

const standIn = new StandIn({
  port: Number(values.port),
  apiKey: values.key,
  quota: {
    ...(values['per-window'] === undefined ? {} : { perWindow: Number(values['per-window']) }),
    ...(values['window-ms'] === undefined ? {} : { windowMs: Number(values['window-ms']) }),
  },
  before: control,
});

function control(request: IncomingMessage, response: ServerResponse): boolean {
  if (values.plain) delete request.headers['accept-encoding'];
  const [path, query] = (request.url ?? '').split('?');
  if (path === '/__stand-in/counts') {
    const requests = query === 'requests' ? { requests: standIn.requests } : {};
    reply(response, { ...standIn.counts(), ...requests });
    return true;
  }
  if (path !== '/__stand-in/reset' || request.method !== 'POST') return false;
  let text = '';
  request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  request.on('end', () => {
    standIn.reset(JSON.parse(text || '{}') as Changes);
    reply(response, {});
  });
  return true;
}

function reply(response: ServerResponse, json: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}

const end = (): void => void standIn.close().then(() => process.exit(0));
process.once('SIGINT', end);
process.once('SIGTERM', end);
if (values['with-stdin']) process.stdin.once('end', end).resume();

void standIn.listen().then(
  ({ origin }) => {
    const line = { origin, v3: standIn.url('v3'), v2: standIn.url('v2'), apiKey: values.key };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
