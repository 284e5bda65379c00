import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect } from 'chai';
import example from '../../examples/07-stix-export.json';
import type { StixBundle } from '../../src/stix/stix';
import { STAND_IN_KEY, startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';
import { NodeRedProcess } from '../support/node-red-process';
import { stixProblems } from '../support/stix-check';
import { importProblems } from '../support/stix-platforms';

interface Posted {
  headers: IncomingHttpHeaders;
  body: unknown;
}

describe('The example "STIX export" with both platforms enabled', () => {
  const userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
  const written = join(userDir, 'bundles.ndjson');
  const posted = new Map<string, Posted>();
  const platforms = createServer((request, response) => {
    void json(request).then(
      (body) => {
        posted.set(request.url ?? '', { headers: request.headers, body });
        response.end('{}');
        platforms.emit('posted');
      },
      () => response.destroy(),
    );
  });
  let vt: StandIn;
  let nodeRed: NodeRedProcess;

  before(async () => {
    vt = await startStandIn();
    vt.know('qorlane-invoices.com', 30);
    await once(platforms.listen(0, '127.0.0.1'), 'listening');
    const address = `http://127.0.0.1:${(platforms.address() as AddressInfo).port}`;
    const flow = (example as Record<string, unknown>[]).map((node) => {
      if (node['type'] === 'virustotal-config') return { ...node, apiUrl: vt.url('v3'), rateLimit: false };
      if (node['type'] === 'http request')
        return { ...node, d: false, url: `${address}/${String(node['name'])}` };
      if (node['type'] === 'file') return { ...node, filename: written };
      if (node['type'] === 'inject') return { ...node, payload: '{"domain": "qorlane-invoices.com"}' };
      return node;
    });
    const config = flow.find(({ type }) => type === 'virustotal-config') as { id: string };
    writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
    writeFileSync(
      join(userDir, 'flows_cred.json'),
      JSON.stringify({ [config.id]: { apiKey: STAND_IN_KEY } }),
    );
    nodeRed = await NodeRedProcess.start({ userDir });
    const inject = flow.find(({ type }) => type === 'inject') as { id: string };
    await nodeRed.inject(inject.id);
    while (posted.size < 2) await once(platforms, 'posted');
    await nodeRed.until(() => nodeRed.debugs.some(({ name }) => name === 'Written'));
  });
  after(async () => {
    await nodeRed?.stop();
    await vt?.close();
    platforms.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  it("posts a TAXII 2.1 envelope with TAXII's media type", () => {
    const { headers, body } = posted.get('/TAXII') as Posted;
    expect(headers['content-type']).to.equal('application/taxii+json;version=2.1');
    expect(headers.accept).to.equal('application/taxii+json;version=2.1');
    expect(Object.keys(body as object)).to.deep.equal(['objects']);
    const { objects } = body as { objects: StixBundle['objects'] };
    expect(objects.map(({ type }) => type)).to.include.members(['indicator', 'note', 'domain-name']);
  });

  it('posts the bundle to MISP with a report that names the event and the key in a header', () => {
    const { headers, body } = posted.get('/MISP') as Posted;
    expect(headers.authorization).to.equal('MISP-AUTOMATION-KEY');
    expect(headers['content-type']).to.match(/^application\/json/);
    expect(stixProblems(body)).to.deep.equal([]);
    expect(importProblems('misp', body as StixBundle)).to.deep.equal([]);
  });

  it('writes the bundle as one line of a file', () => {
    const lines = readFileSync(written, 'utf8').trim().split('\n');
    expect(lines).to.have.lengthOf(1);
    expect(stixProblems(JSON.parse(lines[0] as string))).to.deep.equal([]);
  });
});
