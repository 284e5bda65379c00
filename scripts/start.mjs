// npm start: builds, runs Node-RED with this package and the example "IoC triage", and sends the sample incident through it.
// Without VIRUSTOTAL_API_KEY the reports come from the stand-in of the tests, with it from VirusTotal, or from VIRUSTOTAL_API_URL.
// --once ends after the sample; --no-build takes dist/ as it is; --user-dir takes another folder than .node-red/ for Node-RED.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Ledger, header } from './start/ledger.mjs';
import { checkPort, startNodeRed } from './start/node-red.mjs';
import { startStandIn } from './start/stand-in.mjs';
import { sendIncident } from './start/triage.mjs';
import { prepareUserFolder } from './start/user-folder.mjs';

const HOST = '127.0.0.1';
/**
 * With the stand-in: quicker than a public key's four a minute. The stand-in lets through less than the flow asks for at
 * once, and more than comes at this pace, so that a busy machine that bunches a few requests is not refused.
 */
const PACE = { spacingMs: 400, quota: { perWindow: 8, windowMs: 500 } };
/** The sample has failed when nothing comes out for so long: the longest wait for a public key is a minute. */
const SILENCE_MS = { standIn: 120_000, real: 180_000 };
/** How often it says how many came out. */
const PROGRESS_MS = { standIn: 1_000, real: 12_000 };

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
    'user-dir': { type: 'string', default: join(root, '.node-red') },
  },
});
const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const say = (line) => process.stdout.write(`${line}\n`);
const opened = [];

async function main() {
  const port = readPort(process.env.PORT);
  await checkPort(port, HOST);
  const sample = readJson('test/support/sample-incident.json');
  const example = readJson('examples/01-ioc-triage.json');
  const standIn = process.env.VIRUSTOTAL_API_KEY ? undefined : await openStandIn(sample);
  if (!options['no-build']) await build();
  const settings = prepareUserFolder(root, resolve(options['user-dir']), {
    example: withKey(example, standIn ? 'of the stand-in' : 'of VIRUSTOTAL_API_KEY'),
    config: standIn
      ? { apiUrl: standIn.url, rateLimitMs: PACE.spacingMs }
      : { apiUrl: process.env.VIRUSTOTAL_API_URL ?? '' },
    port,
    onLog: ({ msg }) => process.stderr.write(`Node-RED: ${msg?.stack ?? msg}\n`),
  });
  const nodeRed = await startNodeRed(settings);
  opened.push(nodeRed);
  const ok = await triage(nodeRed.RED, example, sample, standIn);
  if (options.once) return end(ok ? 0 : 1);
  say(`\nThe editor is at ${nodeRed.address} (Ctrl-C ends it).`);
}

/** The example asks for a key in its comment; here it is there. */
function withKey(example, whose) {
  const name = `The key ${whose} is in the VirusTotal config node. Press a button on the left.`;
  return example.map((node) => (node.type === 'comment' ? { ...node, name } : node));
}

async function openStandIn({ expected }) {
  const catalogue = Object.fromEntries(
    expected.flatMap(({ value, standIn }) => (value ? [[value, standIn]] : [])),
  );
  const standIn = await startStandIn(root, { catalogue, quota: PACE.quota });
  opened.push(standIn);
  // Node-RED puts it in for ${VIRUSTOTAL_API_KEY} in the credentials.
  process.env.VIRUSTOTAL_API_KEY = standIn.apiKey;
  say(`VirusTotal stand-in at ${standIn.url}: made-up reports, and nothing leaves this machine.`);
  say('Set VIRUSTOTAL_API_KEY to ask VirusTotal itself.');
  return standIn;
}

async function build() {
  const builder = spawn(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
  const [code, signal] = await once(builder, 'exit');
  if (code !== 0) throw new Error(`The build failed (${signal ?? `exit code ${code}`})`);
}

async function triage(RED, example, sample, standIn) {
  const ledger = new Ledger(sample);
  const pace = standIn
    ? `one request each ${PACE.spacingMs / 1000} s`
    : 'one request each 15 s, as a public key may';
  say(`\nThe sample incident goes through the flow at ${pace}.\n\n${header()}`);
  const incident = sendIncident(RED, example);
  incident.on('result', (result) => ledger.result(result).forEach(say));
  incident.on('failed', (failure) => ledger.failed(failure).forEach(say));
  await finished(incident, ledger, standIn ? 'standIn' : 'real', pace);
  ledger.others().forEach(say);
  return standIn ? judgeSample(ledger, await standIn.counts()) : judgeReal(ledger);
}

/** Resolves when everything has come out, or nothing has for too long. */
function finished(incident, ledger, whose, pace) {
  return new Promise((resolve) => {
    let last = { came: 0, at: Date.now() };
    const progress = setInterval(() => {
      if (ledger.came !== last.came) last = { came: ledger.came, at: Date.now() };
      if (Date.now() - last.at > SILENCE_MS[whose]) incident.emit('done');
      else say(`  ... ${ledger.came} of ${ledger.expected} came out; the others wait for ${pace}`);
    }, PROGRESS_MS[whose]);
    incident.once('done', () => {
      clearInterval(progress);
      resolve();
    });
  });
}

function judgeSample(ledger, { accepted, refused }) {
  const { right, skipped, problems } = ledger.close();
  say(
    `\n${right} of ${ledger.expected} messages came out where the sample says; ${skipped} indicators were rightly not sent.`,
  );
  const { perWindow, windowMs } = PACE.quota;
  say(
    `The stand-in takes ${perWindow} requests in any ${windowMs / 1000} s: it took ${accepted} and refused ${refused}.`,
  );
  for (const problem of problems) say(`WRONG: ${problem}`);
  return problems.length === 0;
}

/** What VirusTotal itself says of made-up indicators is its own affair: the sample is right when each got its report. */
function judgeReal(ledger) {
  say(
    `\n${ledger.came} of ${ledger.expected} came out. The sample is made up, so VirusTotal knows little of it.`,
  );
  return ledger.came === ledger.expected && ledger.failures === 0;
}

function readPort(text = '1880') {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Error(`PORT is "${text}", which is no port: it must be a number from 1 to 65535`);
}

let ending;
/** Node-RED first: its nodes end what they have waiting. */
function end(code) {
  ending ??= (async () => {
    for (const part of opened.reverse()) await part.close();
    process.exit(code);
  })();
  return ending;
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void end(0));
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack}\n`);
  void end(1);
});

main().catch((error) => {
  if (ending) return;
  process.stderr.write(`${error.message}\n`);
  void end(1);
});
