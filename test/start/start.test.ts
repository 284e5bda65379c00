import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'chai';
import { request } from 'undici';
import sample from '../support/sample-incident.json';
import { startStandIn } from '../../tools/fake-virustotal/stand-in';
import { freePort } from '../../tools/free-port';
import { StartProcess } from './start-process';

const OUTPUTS = ['Malicious', 'Trusted', 'No Match', 'Report Missing', 'Report Error'];
/** It builds and starts a Node-RED. */
const PATIENCE = 300_000;

describe('npm start', function () {
  this.timeout(PATIENCE);
  let started: StartProcess | undefined;
  const start = (args: string[], env: Record<string, string>): StartProcess =>
    (started = new StartProcess(args, env));
  afterEach(() => started?.kill());

  it('sends the sample incident through the flow, and --once exits with 0 when each indicator reached its expected output', async () => {
    const { code, out, errors } = await start(['--once'], { PORT: String(await freePort()) }).end();
    expect(errors).to.equal('');
    expect(out[0]).to.match(/^VirusTotal stand-in at http:\/\/127\.0\.0\.1:\d+\/api\/v3\/: made-up reports/);
    for (const { type, value, output, standIn } of sample.expected) {
      if (type === null) continue;
      const line = out.find((text) => text.split(/\s+/)[1] === value) ?? `no line about ${value}`;
      const count = typeof standIn === 'object' ? `${standIn.malicious}/${standIn.engines}` : '-';
      expect(line.split(/\s{2,}/).slice(0, 4)).to.deep.equal([
        type,
        value,
        count,
        `${output} ${OUTPUTS[output - 1]}`,
      ]);
    }
    const rows = out.slice(out.findIndex((text) => text.startsWith('kind ')));
    expect(rows[0]).to.match(/^kind +indicator +detections {2}output +reason$/);
    // Reports first, then what was never asked.
    const asked = rows.map((text) => /^(ip|domain|url|file) .* \d [A-Z]/.test(text));
    const never = rows.map((text) => / not sent | 4 Report Missing /.test(text));
    expect(asked[1]).to.equal(true);
    expect(asked.lastIndexOf(true)).to.be.below(never.indexOf(true));
    for (const { type, value } of sample.skipped) {
      expect(
        out.some((text) =>
          new RegExp(`^${type} +${value.replaceAll('.', '\\.')} .*not sent {2,}\\S`).test(text),
        ),
      ).to.be.true;
    }
    expect(out.join('\n')).to.match(/\n-.* 4 Report Missing /);
    expect(out.join('\n')).to.contain(
      '14 of 14 messages came out where the sample says; 3 indicators were rightly not sent',
    );
    expect(
      out.some((text) => /^ {2}\.\.\. \d+ of 14 came out; the others wait for one request each/.test(text)),
    ).to.be.true;
    expect(out.join('\n')).to.contain('it took 13 and refused 0');
    expect(code).to.equal(0);
  });

  it('keeps the editor open with the example until Ctrl-C and then leaves nothing behind', async () => {
    const port = await freePort();
    const started = start(['--no-build'], { PORT: String(port) });
    const line = await started.line(/^The editor is at/);
    expect(line).to.contain(`http://127.0.0.1:${port}/`);
    // Over a connection that is not kept: what comes after the end is not to meet one that is about to be closed.
    const { body } = await request(`http://127.0.0.1:${port}/flows`, { reset: true });
    const flows = (await body.json()) as { label?: string }[];
    expect(flows.map(({ label }) => label)).to.include('IoC triage');
    const standIn = /http:\S+\/api\/v3\//.exec(await started.line(/stand-in at/))?.[0] ?? '';
    started.pressCtrlC();
    const { code, errors } = await started.end();
    expect([code, errors]).to.deep.equal([0, '']);
    for (const gone of [`http://127.0.0.1:${port}/`, standIn]) {
      expect(await request(gone).catch((error: { code?: string }) => error.code)).to.equal('ECONNREFUSED');
    }
  });

  it('uses VirusTotal itself with VIRUSTOTAL_API_KEY at the pace of a public key and prints the key nowhere', async () => {
    const key = 'e9'.repeat(32);
    const vt = await startStandIn({ apiKey: key, catalogue: { '192.52.193.40': 'unknown' } });
    try {
      const started = start(['--no-build'], {
        PORT: String(await freePort()),
        VIRUSTOTAL_API_KEY: key,
        VIRUSTOTAL_API_URL: vt.url('v3'),
      });
      expect(await started.line(/192\.52\.193\.40/)).to.contain('3 No Match');
      started.pressCtrlC();
      const { code, out, errors } = await started.end();
      expect(code).to.equal(0);
      expect(out.join('\n') + errors)
        .to.contain('one request each 15 s')
        .and.not.contain('stand-in')
        .and.not.contain(key);
      const asked = vt.requests.filter(({ outcome }) => outcome !== 'free');
      expect(asked.map(({ outcome }) => outcome)).to.deep.equal(['accepted']);
    } finally {
      await vt.close();
    }
  });

  it('names a busy port and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const { code, errors } = await start(['--once'], { PORT: String(port) }).end();
      expect(errors).to.contain(`Port ${port} on 127.0.0.1 is in use by another program`);
      expect(code).to.equal(1);
    } finally {
      other.close();
    }
  });

  it('explains an invalid PORT', async () => {
    const { code, errors } = await start([], { PORT: 'http' }).end();
    expect(errors).to.contain('PORT is "http", which is no port');
    expect(code).to.equal(1);
  });
});
