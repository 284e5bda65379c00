import { expect } from 'chai';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withRecipe } from '../support/recipe';

const SHA256 = 'a301ea9fa0e34b98167f1d306639a4ae65bdbd08931fb7d417070b040a5c72e3';

/** A line of eve.json as Suricata writes it. */
const eve = (alert: object, event_type = 'alert', signature = 'ET MALWARE Fake loader'): string =>
  `${JSON.stringify({
    timestamp: '2026-11-17T08:41:09.123456+0000',
    flow_id: 1417041704170417,
    event_type,
    src_ip: '10.20.4.31',
    proto: 'TCP',
    ...(event_type === 'alert' ? { alert: { action: 'allowed', signature, severity: 1 } } : {}),
    ...alert,
  })}\n`;

describe('The recipe 16-suricata-to-telegram', () => {
  let file = '/dev/null';
  const recipe = withRecipe('16-suricata-to-telegram.json', {
    env: (other) => ({
      TELEGRAM_SEND_URL: other.url('/botTOKEN/sendMessage'),
      TELEGRAM_CHAT_ID: '-1007',
    }),
    change: ({ type, name }) => {
      // From the start of the file, so that it doesn't matter whether tail or a line comes first.
      if (type === 'exec') return { command: 'tail -n +1 -F' };
      return name === 'eve.json' ? { payload: file } : {};
    },
  });
  let files = 0;

  // The log of one test is not read in the next.
  afterEach(() => {
    file = '/dev/null';
  });

  /** Deploys the recipe on a new log file. */
  async function onLog(lines: string): Promise<void> {
    file = join(recipe.nodeRed.userDir, `eve-${++files}.json`);
    writeFileSync(file, lines);
    recipe.other.reset(() => ({ body: { ok: true, result: { message_id: 417 } } }));
    await recipe.deploy();
  }
  const sent = (): { text: string }[] => recipe.other.requests.map(({ body }) => body as { text: string });

  it('sends one message a day for each malicious indicator of the alerts that are written', async () => {
    recipe.vt.know('192.52.193.77', 9);
    recipe.vt.know('cdn-qorlane.net', 'unknown');
    recipe.vt.know('http://cdn-qorlane.net/gate.php', 0);
    recipe.vt.know('qorlane-invoices.com', 11);
    const first = eve({ dest_ip: '192.52.193.77', http: { hostname: 'cdn-qorlane.net', url: '/gate.php' } });
    await onLog(first + eve({ dest_ip: '192.52.193.78' }, 'flow'));
    await recipe.shown('Delivered');
    await recipe.shown('No detection', 2);
    // Half a line is no line: it is read once the rest of it is there.
    const second = eve({ dest_ip: '192.52.193.77', tls: { sni: 'qorlane-invoices.com' } });
    appendFileSync(file, second.slice(0, 80));
    appendFileSync(file, second.slice(80));
    await recipe.shown('Delivered', 2);

    expect(recipe.other.requests[0]).to.include({ method: 'POST', path: '/botTOKEN/sendMessage' });
    expect(sent()[0]).to.include({ chat_id: '-1007', parse_mode: 'HTML' });
    const named = sent().map(({ text }) => /<code>(.*?)<\/code>/.exec(text)?.[1]);
    expect(named).to.deep.equal(['192[.]52[.]193[.]77', 'qorlane-invoices[.]com']);
    expect(recipe.asked()).to.not.include('192.52.193.78').and.not.include('10.20.4.31');
  });

  it('looks up the URL that was asked for, and the names and files that Suricata puts into an alert', async () => {
    recipe.vt.reset({ catalogue: {}, unlisted: 'unknown', script: [] });
    const direct = { hostname: 'cdn-qorlane.net', http_port: 8080, url: '/gate.php', http_method: 'GET' };
    const byProxy = {
      hostname: 'meridane-paper.net',
      url: 'http://meridane-paper.net/a',
      http_method: 'GET',
    };
    const files = [{ filename: '/gate.php', state: 'CLOSED', sha256: SHA256, size: 53248, tx_id: 0 }];
    // Suricata 7 and 8.
    const query = [{ type: 'query', id: 417, rrname: 'vantry-parcels.com', rrtype: 'A', tx_id: 0 }];
    const queries = [{ rrname: 'fennick-bank.com', rrtype: 'A' }];
    await onLog(
      eve({ dest_ip: '10.20.4.1', http: direct, files }) +
        eve({ dest_ip: '10.20.4.1', http: byProxy }) +
        eve({ dest_ip: '10.20.4.1', dns: { version: 2, query } }) +
        eve({ dest_ip: '10.20.4.1', dns: { version: 3, type: 'request', queries } }),
    );
    await recipe.shown('No detection', 7);
    expect(recipe.asked()).to.have.members([
      'cdn-qorlane.net',
      'http://cdn-qorlane.net:8080/gate.php',
      SHA256,
      'meridane-paper.net',
      'http://meridane-paper.net/a',
      'vantry-parcels.com',
      'fennick-bank.com',
    ]);
  });

  it('sends an indicator again when Telegram did not take its message', async () => {
    recipe.vt.know('192.52.193.77', 9);
    await onLog('');
    recipe.other.reset(() => ({ status: 401, body: { ok: false, description: 'Unauthorized' } }));
    appendFileSync(file, eve({ dest_ip: '192.52.193.77' }));
    expect((await recipe.shown('Not delivered'))[0]?.msg).to.contain('Unauthorized');
    recipe.other.reset(() => ({ body: { ok: true } }));
    appendFileSync(file, eve({ dest_ip: '192.52.193.77' }));
    await recipe.shown('Delivered');
    expect(sent()).to.have.length(1);
  });

  it('shows no token of a bot where Telegram cannot be reached', async () => {
    recipe.vt.know('192.52.193.77', 9);
    await recipe.deploy({ TELEGRAM_SEND_URL: 'http://127.0.0.1:1/botTOKEN/sendMessage' });
    await recipe.press('Sample alert');
    const [problem] = await recipe.shown('Not delivered');
    expect(problem?.msg).to.contain('ECONNREFUSED').and.contain('192.52.193.77').and.not.contain('TOKEN');
  });

  it('shows failed lookups and lines that are no JSON', async () => {
    recipe.vt.script({ '192.52.193.77': [{ status: 400 }] });
    await onLog(eve({ dest_ip: '192.52.193.77' }) + '{"event_type":"alert",\n');
    const failures = await recipe.shown('Lookup failed', 2);
    expect(failures.map(({ msg }) => msg).join())
      .to.contain('VT_REQUEST')
      .and.match(/JSON/);
    expect(sent()).to.deep.equal([]);
  });

  it('writes a signature from outside so that Telegram reads it as text', async () => {
    recipe.vt.know('192.52.193.77', 9);
    await onLog(eve({ dest_ip: '192.52.193.77' }, 'alert', '</b><a href="tg://user?id=1">x</a> & "q"'));
    await recipe.shown('Delivered');
    expect(sent()[0]?.text).to.contain('&lt;/b&gt;&lt;a href=').and.not.contain('<a href="tg:');
  });
});
