import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { SUMMARY_FORMATS } from '../../src/summary/options';
import { launchChromium } from '../editor/chromium';
import { SiteServer } from './site-server';

describe('The playground of the site', () => {
  let server: SiteServer;
  let browser: Browser;
  let page: Page;
  const requested: { method: string; url: string }[] = [];
  const problems: string[] = [];

  before(async () => {
    server = await SiteServer.start();
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('request', (request) => requested.push({ method: request.method(), url: request.url() }));
    page.on('websocket', (socket) => requested.push({ method: 'WebSocket', url: socket.url() }));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(`${server.url}/playground.html`);
    await page.locator('#pg-found tbody tr').first().waitFor();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const verdictOf = (title: string): Promise<string> =>
    page.locator('article', { hasText: title }).locator('.pg-verdict').innerText();
  const rowOf = (value: string) => page.locator('#pg-found tbody tr', { hasText: value });

  it('lists what would be looked up in a pasted alert, and why the rest would not', async () => {
    await page.locator('#pg-alert').fill('hxxps://evil-qorlane[.]com/a from 10.9.8.7');
    await rowOf('https://evil-qorlane.com/a').waitFor();
    expect(await rowOf('https://evil-qorlane.com/a').innerText()).to.match(/yes/);
    expect(await rowOf('10.9.8.7').innerText()).to.match(/no: .*private/);
    await page.locator('#pg-allow').fill('evil-qorlane.com');
    await rowOf('https://evil-qorlane.com/a').filter({ hasText: 'no:' }).waitFor();
  });

  it('hashes the attachment of a pasted mail', async () => {
    const mail = [
      'From: Billing <billing@qorlane-invoices.com>',
      'To: someone@example.org',
      'Subject: Invoice',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'see the attachment',
      '--b',
      'Content-Type: application/octet-stream; name="invoice.exe"',
      'Content-Disposition: attachment; filename="invoice.exe"',
      'Content-Transfer-Encoding: base64',
      '',
      'YWJj',
      '--b--',
    ].join('\n');
    await page.locator('#pg-alert').fill(mail);
    await rowOf('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad').waitFor();
  });

  it('changes the verdict when a threshold moves', async () => {
    const phishing = 'A phishing URL, detected by three';
    expect(await verdictOf(phishing)).to.equal('No Match');
    await page.locator('#pg-malicious').fill('3');
    await page.locator('article.pg-malicious', { hasText: phishing }).waitFor();
    expect(await verdictOf(phishing)).to.equal('Malicious');
    await page.locator('#pg-malicious').fill('5');
    await page.locator('article.pg-no-match', { hasText: phishing }).waitFor();
    await page.locator('#pg-rule').selectOption('evidence');
    await page.locator('article.pg-malicious', { hasText: phishing }).waitFor();
  });

  it('shows the summary in each form', async () => {
    for (const form of SUMMARY_FORMATS) {
      await page.locator('#pg-format').selectOption(form);
      if (form === 'html') {
        expect(await page.locator('#pg-html').getAttribute('sandbox')).to.equal('');
        await page.frameLocator('#pg-html').getByText('qorlane-invoices').first().waitFor();
      } else {
        await page.locator('#pg-summary', { hasText: 'qorlane-invoices' }).waitFor();
      }
    }
  });

  it('has asked for nothing but the files of the site', async () => {
    await page.locator('#pg-format').selectOption('markdown');
    await page.locator('#pg-summary').waitFor();
    const others = requested.filter(
      ({ method, url }) =>
        method !== 'GET' ||
        !(url.startsWith(`${server.url}/`) && !url.includes('?')) ||
        url.includes('qorlane'),
    );
    expect(others.filter(({ url }) => !/^(?:data|about|blob):/.test(url))).to.deep.equal([]);
    expect(problems).to.deep.equal([]);
  });
});
