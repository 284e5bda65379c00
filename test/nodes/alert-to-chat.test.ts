import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { StandIn } from '../../tools/fake-virustotal/stand-in';
import { NodeRedProcess } from '../support/node-red-process';

const FILE = join(__dirname, '../..', 'examples', '10-alert-to-chat.json');

type NodeDef = Record<string, unknown> & { id: string; type: string; name?: string };

/** What the three services were sent, by the path of their address. */
class ChatServices {
  readonly posts = new Map<string, Record<string, unknown>>();
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      this.posts.set(request.url ?? '', body);
      response.setHeader('content-type', 'application/json');
      response.end('{"ok":true}');
    });
  });

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('The example 10-alert-to-chat', () => {
  const nodes = JSON.parse(readFileSync(FILE, 'utf8')) as NodeDef[];
  let vt: StandIn;
  let chats: ChatServices;
  let nodeRed: NodeRedProcess;
  const apiKey = freshKey();

  before(async () => {
    vt = await new StandIn({ apiKey }).listen();
    chats = await new ChatServices().listen();
    nodeRed = await NodeRedProcess.start({
      env: {
        SLACK_WEBHOOK_URL: chats.url('/slack'),
        TEAMS_WEBHOOK_URL: chats.url('/teams'),
        TELEGRAM_SEND_URL: chats.url('/botTOKEN/sendMessage'),
        TELEGRAM_CHAT_ID: '-1007',
        MAIL_TO: 'soc@qorlane.example',
      },
    });
  });
  after(async () => {
    await nodeRed.stop();
    chats.close();
    await vt.close();
  });

  it('sends one message about an alert to each service, with a failed lookup as a row', async () => {
    vt.reset({
      catalogue: { '1847de119d372f29a031d41ee65730e5': 52 },
      script: { 'qorlane-invoices.com': [{ status: 400, times: 9 }] },
    });
    const changes = { apiUrl: vt.url('v3'), rateLimit: false, cache: false, timeScale: 0.001 };
    const config = nodes.find(({ type }) => type === 'virustotal-config');
    await nodeRed.deploy(
      nodes.map((node) => (node === config ? { ...node, ...changes } : node)),
      { [config?.id ?? '']: { apiKey } },
    );
    await nodeRed.inject(nodes.find(({ type }) => type === 'inject')?.id ?? '');
    await nodeRed.until(() => nodeRed.debugs.length >= 4);

    const slack = chats.posts.get('/slack');
    expect(slack).to.have.property('blocks').that.is.an('array');
    const [attachment] = chats.posts.get('/teams')?.['attachments'] as { content: { type: string } }[];
    expect(attachment?.content.type).to.equal('AdaptiveCard');
    const telegram = chats.posts.get('/botTOKEN/sendMessage');
    expect(telegram).to.include({ chat_id: '-1007', parse_mode: 'HTML' });
    const mail = nodeRed.debugs.find(({ name }) => name === 'Mail')?.msg ?? '';
    expect(mail).to.contain('soc@qorlane.example').and.contain('VirusTotal: malicious (MGW-20261117-0417)');
    for (const text of [slack, attachment, telegram].map((sent) => JSON.stringify(sent))) {
      expect(text).to.contain('1847de119d372f29a031d41ee65730e5').and.contain('qorlane-invoices[.]com');
    }
    expect(nodeRed.debugs.filter(({ name }) => name === 'Delivered')).to.have.length(3);
  });
});
