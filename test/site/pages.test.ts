import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../editor/chromium';
import { NODE_TYPES } from '../support/node-files';
import { SITE, SiteServer } from './site-server';

const ROOT = join(__dirname, '../..');
const EXAMPLES = join(ROOT, 'examples');
const ADDRESS = 'https://nr-threat-intel.github.io/node-red-virustotal/';

describe('The site', () => {
  let server: SiteServer;
  let browser: Browser;
  let page: Page;
  /** What the pages have asked for. */
  let requested: string[];
  let failures: string[];

  before(async () => {
    server = await SiteServer.start();
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    requested = [];
    failures = [];
    page.on('request', (request) => requested.push(request.url()));
    page.on('response', (response) => {
      if (response.status() >= 400) failures.push(`${response.status()} ${response.url()}`);
    });
    page.on('pageerror', (error) => failures.push(error.message));
  });
  afterEach(() => page.close());

  const open = (path: string): Promise<unknown> => page.goto(`${server.url}${path}`);

  it('shows its first page without a request to any other site', async () => {
    await open('/');
    await page.waitForLoadState('networkidle');
    expect(await page.locator('h1').innerText()).to.include('VirusTotal for Node-RED');
    expect(requested.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).to.deep.equal(
      [],
    );
    expect(failures).to.deep.equal([]);
  });

  it('finds a code of an error with its search', async () => {
    await open('/');
    await page.locator('#local-search button').first().click();
    await page.locator('#localsearch-input').fill('VT_QUEUE_FULL');
    const result = page.locator('#localsearch-list a[href*="troubleshooting"]').first();
    await result.click();
    await page.locator('h2#vt_queue_full').waitFor();
    expect(requested.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).to.deep.equal(
      [],
    );
  });

  it('is as wide as a phone', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    for (const path of ['/', '/nodes/virustotal.html', '/recipes/', '/verdicts.html']) {
      await open(path);
      const tooWide = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(tooWide, path).to.equal(0);
    }
  });

  for (const colorScheme of ['light', 'dark'] as const)
    it(`has no problem of accessibility that axe finds by WCAG 2 AA: ${colorScheme}`, async () => {
      const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
      await page.emulateMedia({ colorScheme });
      for (const path of ['/', '/library.html', '/nodes/virustotal-summary.html']) {
        await open(path);
        await page.evaluate(source);
        const problems = await page.evaluate<string[]>(
          `axe.run({ runOnly: ['wcag2a', 'wcag2aa'] }).then(({ violations }) =>
            violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
        );
        expect(problems, path).to.deep.equal([]);
      }
    });

  it('has a page for each node', () => {
    const pages = readdirSync(join(SITE, 'nodes'));
    expect(pages).to.include.members(NODE_TYPES.map((type) => `${type}.html`));
  });

  it('has a page for each example', () => {
    const pages = readdirSync(join(SITE, 'recipes'));
    const examples = readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));
    expect(pages).to.include.members(examples.map((file) => file.replace('.json', '.html')));
  });

  it('shows the help of a node as the editor does, with the options below', async () => {
    await open('/nodes/virustotal-stix.html');
    const text = await page.locator('main').innerText();
    expect(text).to.include('Its verdict becomes the type of the indicator');
    expect(text).to.match(/\nOptions\n/);
    expect(text).to.include('maxRelated');
  });

  it('leads from the start to upgrading in its sidebar', async () => {
    await open('/quota.html');
    const groups = await page.locator('.VPSidebar .group .level-0 > .item h2').allInnerTexts();
    expect(groups).to.deep.equal([
      ...['Start', 'Nodes', 'Messages', 'Verdicts', 'Quota', 'Recipes'],
      ...['Operations', 'Security', 'Library', 'Troubleshooting', 'Upgrading'],
    ]);
  });

  it('has each page and heading that the README leads to', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
    const ours = links.filter((link) => link.startsWith(ADDRESS)).map((link) => link.slice(ADDRESS.length));
    expect(ours).to.have.length.above(40);
    for (const link of ours) {
      const [path = '', anchor] = link.split('#');
      const file = join(SITE, path === '' || path.endsWith('/') ? `${path}index.html` : path);
      expect(existsSync(file), link).to.equal(true);
      if (anchor !== undefined) expect(readFileSync(file, 'utf8'), link).to.include(`id="${anchor}"`);
    }
  });
});
