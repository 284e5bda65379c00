import { expect } from 'chai';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withRecipe } from '../support/recipe';

const SHA256 = 'a301ea9fa0e34b98167f1d306639a4ae65bdbd08931fb7d417070b040a5c72e3';
const OTHER = '77d36759492cda931f70ab2f234e58f42ac181d7f34f01f9ea53f1771ab818d3';
const URL = 'http://192.52.193.77:8080/gate.php';

/** A line of cowrie.json. */
const cowrie = (changes: object = {}): string =>
  `${JSON.stringify({
    eventid: 'cowrie.session.file_download',
    url: URL,
    outfile: `var/lib/cowrie/downloads/${SHA256}`,
    shasum: SHA256,
    duplicate: false,
    sensor: 'honeypot-01',
    timestamp: '2026-11-17T08:41:09.123456Z',
    message: `Downloaded URL (${URL}) with SHA-256 ${SHA256} to var/lib/cowrie/downloads/${SHA256}`,
    src_ip: '192.52.193.40',
    src_port: 51417,
    dst_ip: '10.20.4.17',
    dst_port: 2222,
    protocol: 'ssh',
    session: '956abe6586bd',
    ...changes,
  })}\n`;

interface MispEvent {
  Event: { info: string; Attribute: { type: string; value: string; comment: string; to_ids: boolean }[] };
}

describe('The recipe 18-honeypot-to-misp', () => {
  let file = '/dev/null';
  let files = 0;
  const recipe = withRecipe('18-honeypot-to-misp.json', {
    env: (other) => ({ MISP_URL: other.url(), MISP_KEY: 'made-up-key' }),
    change: ({ type, name }) => {
      // From the start of the file, so that it doesn't matter whether tail or a line comes first.
      if (type === 'exec') return { command: 'tail -n +1 -F' };
      return name === 'cowrie.json' ? { payload: file } : {};
    },
  });

  /** MISP as documented: the event that it has added. */
  const asMisp = (): { body: unknown } => ({ body: { Event: { id: '417', uuid: 'made-up' } } });
  // The log of one test is not read in the next.
  afterEach(() => {
    file = '/dev/null';
  });

  /** Deploys the recipe on a new log file. */
  async function onLog(lines: string, answer = asMisp): Promise<void> {
    file = join(recipe.nodeRed.userDir, `cowrie-${++files}.json`);
    writeFileSync(file, lines);
    recipe.other.reset(answer);
    await recipe.deploy();
  }
  const events = (): MispEvent['Event'][] =>
    recipe.other.requests.map(({ body }) => (body as MispEvent).Event);

  it('adds one event a day for each file that an attacker loads, and for nothing else in the log', async () => {
    recipe.vt.know(SHA256, 43);
    recipe.vt.know(URL, 6);
    recipe.vt.know('192.52.193.40', 0);
    recipe.vt.know(OTHER, 'unknown');
    const login = cowrie({ eventid: 'cowrie.login.failed', username: 'root', password: 'made-up.example' });
    // Uploaded by SCP: Cowrie gives the path as url.
    const path = '/tmp/run.sh';
    const upload = cowrie({
      eventid: 'cowrie.session.file_upload',
      filename: 'run.sh',
      shasum: OTHER,
      url: path,
      destfile: path,
    });
    await onLog(login + cowrie() + cowrie({ session: '956abe6586be' }));
    await recipe.shown('In MISP');
    appendFileSync(file, cowrie() + upload);
    await recipe.shown('In MISP', 2);

    const [request] = recipe.other.requests;
    expect(request).to.include({ method: 'POST', path: '/events/add' });
    expect(request?.headers).to.include({ authorization: 'made-up-key', accept: 'application/json' });
    expect(events()[0]).to.deep.include({
      info: 'Cowrie honeypot-01: file from 192.52.193.40',
      date: '2026-11-17',
      distribution: '0',
      analysis: '0',
      threat_level_id: '2',
      published: false,
      Tag: [{ name: 'tlp:amber' }],
    });
    const attributes = ({ Attribute }: MispEvent['Event']): unknown[] =>
      Attribute.map(({ type, value, to_ids }) => [type, value, to_ids]);
    expect(attributes(events()[0] as MispEvent['Event'])).to.have.deep.members([
      ['sha256', SHA256, true],
      ['url', URL, true],
      ['ip-src', '192.52.193.40', false],
    ]);
    expect(events()[0]?.Attribute[0]?.comment).to.match(/\d/);
    expect(attributes(events()[1] as MispEvent['Event'])).to.have.deep.members([
      ['sha256', OTHER, false],
      ['ip-src', '192.52.193.40', false],
    ]);
    expect(JSON.stringify([recipe.asked(), recipe.other.requests])).to.not.contain('made-up.example');
  });

  it('adds what could not be looked up, and shows lines that are no JSON', async () => {
    recipe.vt.script({ [URL]: [{ status: 400 }] });
    await onLog(`{"cowrie.session.file_upload"\n${cowrie()}`);
    await recipe.shown('Bad line');
    await recipe.shown('In MISP');
    const url = events()[0]?.Attribute.find(({ type }) => type === 'url');
    expect(url).to.include({ value: URL, to_ids: false });
    expect(url?.comment).to.match(/^Not looked up: /);
  });

  it('shows an event that MISP does not take, and sends it at the next line', async () => {
    recipe.vt.know(SHA256, 43);
    await onLog(cowrie());
    await recipe.shown('In MISP');
    await onLog(
      cowrie({ shasum: OTHER }),
      () => ({ status: 403, body: { message: 'Authentication failed' } }) as never,
    );
    expect((await recipe.shown('Not in MISP'))[0]?.msg).to.contain('Authentication failed');
    recipe.other.reset(asMisp);
    appendFileSync(file, cowrie({ shasum: OTHER }));
    await recipe.shown('In MISP');
  });

  it('shows no key where MISP cannot be reached', async () => {
    recipe.vt.know(SHA256, 43);
    await recipe.deploy({ MISP_URL: 'http://127.0.0.1:1' });
    await recipe.press('Sample download');
    const [problem] = await recipe.shown('Not in MISP');
    expect(problem?.msg).to.contain('ECONNREFUSED').and.contain(SHA256).and.not.contain('made-up-key');
  });

  it('passes names from outside as text', async () => {
    await onLog(cowrie({ sensor: '"}],"published":true,"x":[{"', src_ip: '192.52.193.40' }));
    await recipe.shown('In MISP');
    expect(events()[0]).to.include({
      info: 'Cowrie "}],"published":true,"x":[{": file from 192.52.193.40',
      published: false,
    });
  });
});
