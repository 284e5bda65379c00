import { expect } from 'chai';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { workbench } from './workbench';

const ROOT = join(__dirname, '../..');

type NodeDef = Record<string, unknown> & { id: string; type: string };

/** The example as a person has it who has entered a key, with an inject node that sends one more indicator. */
async function deployBoard(): Promise<{ sample: string; more: string }> {
  const { nodeRed, standIn } = workbench();
  const nodes = JSON.parse(readFileSync(join(ROOT, 'examples/05-verdict-board.json'), 'utf8')) as NodeDef[];
  const idOf = (type: string): string => nodes.find((node) => node.type === type)?.id ?? '';
  const [config, sample] = [idOf('virustotal-config'), idOf('inject')];
  const flows = nodes.map((node) =>
    node.id === config ? { ...node, apiUrl: standIn.url('v3'), rateLimit: false } : node,
  );
  const inject = nodes.find(({ id }) => id === sample) as NodeDef;
  const more = { ...inject, id: 'more', payload: 'and then late-addition.com' };
  await nodeRed.deploy([...flows, more], { [config]: { apiKey: STAND_IN_KEY } });
  return { sample, more: more.id };
}

async function openBoard(width: number, path = '/virustotal'): Promise<Page> {
  const { browser, nodeRed } = workbench();
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.goto(`${nodeRed.url}${path}`);
  return page;
}

/** What the cards say, from the first on. */
async function cards(page: Page): Promise<{ what: string; verdict: string; rings: string }[]> {
  return page.locator('article').evaluateAll((articles) =>
    articles.map((article) => ({
      what: article.querySelector('h2')?.textContent ?? '',
      verdict: article.querySelector('.verdict')?.textContent ?? '',
      rings: article.querySelector('svg')?.textContent ?? '',
    })),
  );
}

describe('The verdict board in a browser @node-red-5', () => {
  for (const width of [1400, 400]) {
    it(`has a card for each indicator, worst first, at ${width} pixels and updates by itself`, async () => {
      const { nodeRed, standIn, version } = workbench();
      standIn.know('1847de119d372f29a031d41ee65730e5', 52);
      standIn.know('192.52.193.40', 9);
      standIn.know('www.meridane-paper.net', 'clean');
      standIn.know('late-addition.com', 85);
      const { sample, more } = await deployBoard();
      // With and without a slash at the end of its address.
      const page = await openBoard(width, width > 1000 ? '/virustotal' : '/virustotal/');
      try {
        await nodeRed.inject(sample);
        await page.locator('article').nth(7).waitFor();
        const before = await cards(page);
        expect(before[0]).to.deep.include({
          what: '1847de119d372f29a031d41ee65730e5',
          verdict: 'Malicious · file',
        });
        expect(before[0]?.rings).to.match(/^\s*52\s*of \d+\s*$/);
        const order = ['Malicious', 'Error', 'No match', 'Trusted'];
        const ranks = before.map(({ verdict }) => order.findIndex((each) => verdict.startsWith(each)));
        expect(ranks).to.not.include(-1);
        expect(ranks).to.deep.equal([...ranks].sort((a, b) => a - b));

        await nodeRed.inject(more);
        await page.locator('article', { hasText: 'late-addition.com' }).waitFor();
        expect((await cards(page))[0]).to.deep.include({
          what: 'late-addition.com',
          verdict: 'Malicious · domain',
        });
        const { scrollWidth, clientWidth } = await page
          .locator('html')
          .evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }));
        expect(scrollWidth).to.equal(clientWidth);
        const link = page.locator('article a').first();
        expect(await link.getAttribute('href')).to.match(/^https:\/\/www\.virustotal\.com\/gui\//);
        const folder = join(ROOT, '.artefacts/editor', `node-red-${version}`);
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: join(folder, `board-${width}.png`), fullPage: true });
      } finally {
        await page.close();
      }
    });
  }
});
