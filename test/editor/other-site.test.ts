import { expect } from 'chai';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { workbench } from './workbench';

describe('A page of another site in the same browser', () => {
  it('can neither change nor read anything, whatever it sends', async () => {
    const { nodeRed, standIn, browser } = workbench();
    await nodeRed.deploy([{ id: 'vt', type: 'virustotal-config', apiUrl: standIn.url('v3') }], {
      vt: { apiKey: STAND_IN_KEY },
    });
    const site = createServer((_req, res) => res.setHeader('content-type', 'text/html').end('<p>Hello</p>'));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const page = await browser.newPage();
    try {
      await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
      const answers = await page.evaluate(async (url) => {
        const json = { 'content-type': 'application/json', 'x-virustotal-token': 'guessed' };
        const tries: [string, object][] = [
          ['/virustotal/token', {}],
          ['/virustotal/state/vt', {}],
          ['/virustotal/test', { method: 'POST', headers: json, body: '{"id":"vt"}' }],
          ['/virustotal/extract', { method: 'POST', headers: json, body: '{"text":"x"}' }],
          ['/virustotal/cache/vt/clear', { method: 'POST', headers: json, body: '{}' }],
        ];
        const read = tries.map(([path, init]) =>
          fetch(url + path, init).then(
            (answer) => `${path} ${answer.status}`,
            () => 'unreadable',
          ),
        );
        return Promise.all(read);
      }, nodeRed.url);
      expect(answers).to.deep.equal(Array(5).fill('unreadable'));
      expect(standIn.requests).to.deep.equal([]);
    } finally {
      await page.close();
      site.close();
    }
  });
});
