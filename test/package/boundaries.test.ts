import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');

/** File, what it imports (a path from the root, or a package), and the rule that forbids it. */
const FORBIDDEN: readonly [from: string, to: string, rule: string][] = [
  ['src/report/a.ts', 'node-red', 'src-works-without-node-red'],
  ['src/ioc/a.ts', 'node-red', 'src-works-without-node-red'],
  ['src/analysis/a.ts', '@node-red/util', 'src-works-without-node-red'],
  ['src/index.ts', 'node-red', 'src-works-without-node-red'],
  ['src/api/b.ts', 'src/lookup/service.ts', 'api-knows-its-rooms'],
  ['src/analysis/b.ts', 'src/lookup/service.ts', 'analysis-knows-its-rooms'],
  ['src/stix/b.ts', 'src/lookup/service.ts', 'stix-knows-its-rooms'],
  ['src/ioc/b.ts', 'src/lookup/service.ts', 'ioc-knows-its-rooms'],
  ['src/report/b.ts', 'src/ioc/ioc.ts', 'report-knows-its-rooms'],
  ['src/mail/b.ts', 'src/ioc/ioc.ts', 'mail-knows-its-rooms'],
  ['src/dxl/b.ts', 'src/report/report.ts', 'dxl-knows-its-rooms'],
  ['src/lookup/b.ts', 'src/analysis/verdict.ts', 'lookup-knows-its-rooms'],
  ['src/stix/c.ts', 'src/index.ts', 'stix-knows-its-rooms'],
  ['src/report/c.ts', 'undici', 'report-knows-its-packages'],
  ['src/ioc/c.ts', 'undici', 'ioc-knows-its-packages'],
  ['src/mail/c.ts', 'undici', 'mail-knows-its-packages'],
  ['src/api/c.ts', 'lru-cache', 'api-knows-its-packages'],
  ['src/lookup/c.ts', 'tldts', 'lookup-knows-its-packages'],
  ['src/analysis/c.ts', 'ipaddr.js', 'analysis-knows-its-packages'],
  ['src/stix/d.ts', 'tldts', 'stix-knows-its-packages'],
  ['src/summary/b.ts', 'src/stix/stix.ts', 'summary-knows-its-rooms'],
  ['src/summary/c.ts', 'undici', 'summary-knows-its-packages'],
  ['src/ioc/d.ts', 'node:crypto', 'runs-in-a-browser'],
  ['src/ioc/e.ts', 'buffer', 'runs-in-a-browser'],
  ['src/analysis/d.ts', 'node:util', 'runs-in-a-browser'],
  ['src/summary/d.ts', 'node:fs', 'runs-in-a-browser'],
  ['src/mail/d.ts', 'node:util', 'runs-in-a-browser'],
  ['src/report/d.ts', 'node:crypto', 'runs-in-a-browser'],
  ['src/runtime/d.ts', 'node:buffer', 'runs-in-a-browser'],
  ['src/dxl/c.ts', 'undici', 'dxl-knows-its-packages'],
  ['src/lookup/d.ts', 'ioredis', 'ioredis-is-in-redis'],
  ['src/attic/a.ts', 'src/report/report.ts', 'every-room-has-a-rule'],
  ['src/errors.ts', 'node:util', 'errors-are-at-the-bottom'],
  ['src/parsed-url.ts', 'node:url', 'errors-are-at-the-bottom'],
  ['src/options.ts', 'src/ioc/ioc.ts', 'options-know-errors-alone'],
  ['src/lookup/e.ts', 'nodes/inbox.ts', 'src-is-below-all-others'],
  ['src/api/e.ts', 'editor/dialog.ts', 'src-is-below-all-others'],
  ['src/api/f.ts', 'tools/eventually.ts', 'src-is-below-all-others'],
  ['src/lookup/redis/a.ts', 'src/lookup/service.ts', 'redis-imports-the-face'],
  ['src/lookup/redis/b.ts', 'src/lookup/sliding-window.ts', 'redis-imports-the-face'],
  ['src/lookup/service.ts', 'src/lookup/redis/address.ts', 'redis-is-behind-the-registry'],
  ['src/lookup/f.ts', 'src/lookup/redis/address.ts', 'redis-is-behind-the-registry'],
  ['nodes/a.ts', 'src/lookup/redis/address.ts', 'redis-is-behind-the-registry'],
  ['nodes/b.ts', 'test/flow.ts', 'product-without-tests'],
  ['editor/b.ts', 'tools/eventually.ts', 'product-without-tests'],
  ['editor/c.ts', 'src/lookup/service.ts', 'editor-knows-the-options'],
  ['editor/d.ts', 'src/errors.ts', 'editor-knows-the-options'],
  ['editor/e.ts', 'nodes/status-text.ts', 'editor-knows-the-options'],
  ['editor/f.ts', 'jquery', 'editor-knows-the-options'],
  ['editor/g.ts', 'node:url', 'editor-knows-the-options'],
  ['nodes/f.ts', 'editor/texts.ts', 'nodes-without-editor'],
  ['test/b.ts', 'bench/measure.ts', 'test-without-bench'],
  ['bench/b.ts', 'test/flow.ts', 'bench-without-test'],
  ['tools/b.ts', 'test/flow.ts', 'tools-below-their-users'],
  ['test/lookup/b.test.ts', 'tools/starts.ts', 'unit-tests-start-nothing'],
  ['nodes/circle/a.ts', 'nodes/circle/b.ts', 'no-circles'],
];

const ALLOWED: readonly [from: string, to: string][] = [
  ['nodes/c.ts', 'node-red'],
  ['nodes/d.ts', 'src/lookup/service.ts'],
  ['nodes/e.ts', 'src/ioc/ioc.ts'],
  ['src/ioc/g.ts', 'src/mail/mail.ts'],
  ['src/ioc/h.ts', 'src/runtime/current.ts'],
  ['src/lookup/g.ts', 'src/api/client.ts'],
  ['src/api/g.ts', 'src/report/report.ts'],
  ['src/analysis/g.ts', 'src/report/report.ts'],
  ['src/stix/g.ts', 'src/report/report.ts'],
  ['src/report/g.ts', 'src/report/report.ts'],
  ['src/api/h.ts', 'undici'],
  ['src/lookup/redis/g.ts', 'src/lookup/limiter-backend.ts'],
  ['src/lookup/redis/h.ts', 'src/api/client.ts'],
  ['src/lookup/key-registry.ts', 'src/lookup/redis/address.ts'],
  ['editor/h.ts', 'src/options.ts'],
  ['editor/i.ts', 'editor/texts.ts'],
  ['test/h.ts', 'editor/texts.ts'],
  ['test/g.ts', 'tools/eventually.ts'],
  ['bench/g.ts', 'tools/eventually.ts'],
  ['test/lookup/redis/b.test.ts', 'tools/starts.ts'],
];

/** The rooms of src/, as the configuration names them. */
const [, table = ''] =
  /const ROOMS = \{\n([^]*?)\n\};/.exec(readFileSync(join(ROOT, '.dependency-cruiser.mjs'), 'utf8')) ?? [];
const ROOMS = [...table.matchAll(/^ {2}(\w+): \{/gm)].map(([, room = '']) => room);
/** What no room may import, so that a new one is tried without an entry of its own. */
const BY_NO_ROOM = ROOMS.flatMap((room): [from: string, to: string, rule: string][] => [
  [`src/${room}/y.ts`, 'src/nowhere/nothing.ts', `${room}-knows-its-rooms`],
  [`src/${room}/z.ts`, 'express', `${room}-knows-its-packages`],
]);

/** What is reached over it counts too. */
const STARTS_A_PROCESS = ['tools/starts.ts', 'node:child_process'] as const;

interface Cruise {
  summary: {
    violations: { from: string; rule: { name: string } }[];
    ruleSetUsed: { forbidden: { name: string }[] };
  };
}

/** Writes a tree in which each file imports that, and says what the project's own rules have against it. */
async function check(
  imports: readonly (readonly [from: string, to: string, ...unknown[]])[],
): Promise<Cruise> {
  const tree = mkdtempSync(join(tmpdir(), 'boundaries-'));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  };
  try {
    for (const [from, to] of imports) {
      const specifier = to.endsWith('.ts') ? relative(dirname(from), to.replace(/\.ts$/, '')) : to;
      const path = to.endsWith('.ts') && !specifier.startsWith('.') ? `./${specifier}` : specifier;
      write(from, `import type { Imported } from '${path}';\nexport type Own = Imported;\n`);
    }
    for (const [, to] of imports)
      if (to.endsWith('.ts') && !existsSync(join(tree, to))) write(to, 'export type Imported = string;\n');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
        ...['--config', join(ROOT, '.dependency-cruiser.mjs'), '--output-type', 'json', '.'],
      ],
      { cwd: tree, maxBuffer: 64 * 1024 * 1024 },
    );
    return JSON.parse(stdout) as Cruise;
  } finally {
    rmSync(tree, { recursive: true });
  }
}

describe('The import rules', function () {
  let forbidden: Cruise['summary'];
  before(async () => {
    forbidden = (
      await check([...FORBIDDEN, ...BY_NO_ROOM, ['nodes/circle/b.ts', 'nodes/circle/a.ts'], STARTS_A_PROCESS])
    ).summary;
  });

  for (const [from, to, rule] of [...FORBIDDEN, ...BY_NO_ROOM])
    it(`forbid ${from} to import ${to}`, () => {
      const broken = forbidden.violations.filter((violation) => violation.from === from);
      expect(broken.map(({ rule: { name } }) => name)).to.include(rule);
    });

  it('are each broken by one of these imports', () => {
    const rules = forbidden.ruleSetUsed.forbidden.map(({ name }) => name);
    const tried = [...FORBIDDEN, ...BY_NO_ROOM].map(([, , rule]) => rule);
    expect(rules.filter((name) => !tried.includes(name))).to.deep.equal([]);
  });

  it('allow every import that goes down', async () => {
    const { summary } = await check([...ALLOWED, STARTS_A_PROCESS]);
    expect(summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`)).to.deep.equal([]);
  });
});
