import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { maxTransitMs } from '../../src/lookup/sliding-window';
import { eventually } from '../../tools/eventually';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { STAMPING } from '../../tools/fake-virustotal/strict-server-process';
import { NodeRedProcess } from '../support/node-red-process';
import { sideBySide } from '../support/side-by-side';
import { VirusTotalBehindSlowLine } from '../support/slow-line';

/** VirusTotal's minute is shortened to 9 s, in which this number of requests may start. */
const COUNT = 4;
const TIME_SCALE = 0.15;
const WINDOW_MS = 60_000 * TIME_SCALE;
const MAX_TRANSIT_MS = maxTransitMs([{ count: COUNT, windowMs: WINDOW_MS }]);
const STARTS = 4;

/** More messages than the limit lets through come with each start. */
function flows(apiUrl: string): object[] {
  const config = {
    apiUrl,
    rateLimitMode: 'window',
    rateLimitCount: COUNT,
    timeScale: TIME_SCALE,
    cache: false,
  };
  const placed = { z: 'tab', x: 100, y: 40 };
  const text = 'a.example.com b.example.com c.example.com d.example.com e.example.com f.example.com';
  const once = { props: [{ p: 'payload' }], payload: text, payloadType: 'str', once: true, onceDelay: 0.1 };
  return [
    { id: 'tab', type: 'tab', label: 'restart' },
    { id: 'vt', type: 'virustotal-config', ...config },
    { id: 'in', type: 'inject', ...placed, ...once, wires: [['ask']] },
    { id: 'ask', type: 'virustotal', server: 'vt', ...placed, wires: [['seen']] },
    { id: 'seen', type: 'debug', ...placed, complete: 'payload.resource', targetType: 'msg' },
  ];
}

describe('A Node-RED with its default settings that is started repeatedly', function () {
  before(function () {
    if (!existsSync(join(__dirname, '../../dist/nodes/virustotal.js')))
      throw new Error('These tests run what was built: npm run build');
  });

  async function startAgain(signal: NodeJS.Signals): Promise<{ arrivals: number[]; log: string }> {
    const vt = await new VirusTotalBehindSlowLine(20, MAX_TRANSIT_MS).listen();
    const userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
    writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flows(vt.url)));
    writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify({ vt: { apiKey: '${VT_TEST_KEY}' } }));
    const env = { VT_TEST_KEY: freshKey(), ...STAMPING };
    let log = '';
    try {
      for (let start = 1; start <= STARTS; start++) {
        const nodeRed = await NodeRedProcess.start({ userDir, env });
        if (start === 1) await eventually(() => vt.arrivals.length === COUNT);
        // The last one lives on until it is its turn.
        if (start === STARTS) await eventually(() => vt.arrivals.length >= COUNT + 2);
        await nodeRed.stop(signal);
        log = nodeRed.log;
      }
    } finally {
      vt.close();
      rmSync(userDir, { recursive: true, force: true });
    }
    return { arrivals: vt.arrivals, log };
  }

  sideBySide({
    'sends no more than the limit in any window when it is stopped in order each time': async () => {
      const { arrivals } = await startAgain('SIGTERM');
      expectWithinLimit(arrivals);
    },
    'sends no more than the limit in any window when it is killed each time': async () => {
      const { arrivals, log } = await startAgain('SIGKILL');
      expectWithinLimit(arrivals);
      expect(log).to.contain('for the rate limit: the Node-RED before');
    },
  });
});

function expectWithinLimit(arrivals: readonly number[]): void {
  const spans = arrivals.slice(COUNT).map((at, i) => at - (arrivals[i] as number));
  expect(Math.min(...spans)).to.be.at.least(WINDOW_MS);
}
