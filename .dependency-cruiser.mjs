/**
 * Who may import whom. Types count like values: who names another room's type knows that room. CONTRIBUTING.md says it in words, and
 * test/package/boundaries.test.ts tries each rule with an import that it forbids.
 */

/** The rooms of src/: which other rooms and files each may import, and which packages. src/errors.ts and src/options.ts are open to all. */
const ROOMS = {
  runtime: { rooms: [], packages: [] },
  report: { rooms: ['runtime'], packages: [] },
  mail: { rooms: ['runtime'], packages: ['postal-mime'] },
  ioc: { rooms: ['mail', 'runtime'], packages: ['ipaddr.js', 'tldts'] },
  api: { rooms: ['report', 'ioc', 'parsed-url.ts'], packages: ['undici'] },
  lookup: {
    rooms: ['api', 'report', 'ioc', 'in-background.ts'],
    packages: ['bottleneck', 'ioredis', 'lru-cache', 'undici'],
  },
  submit: { rooms: ['lookup', 'api', 'report', 'ioc', 'in-background.ts', 'parsed-url.ts'], packages: [] },
  analysis: { rooms: ['report', 'runtime'], packages: [] },
  summary: { rooms: ['analysis', 'report'], packages: [] },
  stix: { rooms: ['report', 'parsed-url.ts'], packages: ['ipaddr.js'] },
  dxl: { rooms: ['ioc'], packages: [] },
  related: { rooms: ['ioc', 'report'], packages: [] },
  events: { rooms: [], packages: [] },
  watch: { rooms: ['lookup', 'api', 'analysis', 'report', 'ioc', 'in-background.ts'], packages: [] },
  metrics: { rooms: [], packages: [] },
};

/** The rooms that a browser runs too, with all rooms that they may import. */
const IN_A_BROWSER = withRooms(['ioc', 'analysis', 'summary']);

/** What the key's state in memory and the one in Redis have in common: the only file of lookup/ for redis/ to import. */
const FACE = 'limiter-backend';
/** The one file that makes a key's state, in memory or in Redis. */
const REGISTRY = 'key-registry';

/** The folders of test/ that npm run test:unit leaves out. */
const SLOW_TESTS = ['editor', 'faults', 'lookup/redis', 'nodes', 'package', 'site', 'start', 'support'];

function withRooms(names) {
  const all = new Set(names);
  for (const name of all) for (const room of ROOMS[name]?.rooms ?? []) all.add(room);
  return [...all];
}

const inSrc = (name) => (name.endsWith('.ts') ? name : `${name}/`);
const anyOf = (names) => `(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})`;
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const roomRules = Object.entries(ROOMS).flatMap(([room, { rooms, packages }]) => [
  rule(
    `${room}-knows-its-rooms`,
    `src/${room}/ may import of src/ ${['errors.ts', 'options.ts', ...rooms.map(inSrc)].join(', ')}`,
    { path: `^src/${room}/` },
    { path: '^src/', pathNot: `^src/${anyOf(['errors.ts', 'options.ts', ...[room, ...rooms].map(inSrc)])}` },
  ),
  rule(
    `${room}-knows-its-packages`,
    `src/${room}/ may import ${packages.length > 0 ? `the packages ${packages.join(', ')}` : 'no package'}`,
    { path: `^src/${room}/` },
    {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'unknown'],
      pathNot: packages.length > 0 ? `(^|node_modules/)${anyOf(packages)}(/|$)` : undefined,
    },
  ),
]);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...roomRules,
    rule(
      'every-room-has-a-rule',
      'A new folder of src/ takes an entry in ROOMS: what it may import',
      { path: '^src/[^/]+/', pathNot: `^src/${anyOf(Object.keys(ROOMS))}/` },
      {},
    ),
    rule(
      'src-works-without-node-red',
      'src/ is a library: it works in any program. What needs Node-RED is in nodes/',
      { path: '^src/' },
      { path: '(^|node_modules/)(@types/|@node-red/)?node-red|(^|node_modules/)@node-red/' },
    ),
    rule(
      'src-is-below-all-others',
      'src/ imports nothing but itself and packages',
      { path: '^src/' },
      { path: '^(?!src/|node_modules/)[^/]+/.*\\.[cm]?[jt]s$' },
    ),
    rule(
      'errors-are-at-the-bottom',
      'src/errors.ts and src/parsed-url.ts import nothing, so that every other file can import them',
      { path: '^src/(errors|parsed-url)\\.ts$' },
      {},
    ),
    rule(
      'options-know-errors-alone',
      'src/options.ts imports nothing but src/errors.ts, so that every room can import it',
      { path: '^src/options\\.ts$' },
      { pathNot: '^src/errors\\.ts$' },
    ),
    rule(
      'runs-in-a-browser',
      "src/ioc/, src/analysis/, src/summary/ and the rooms below them run in the site's playground too: they import no module of Node.js. What of it they need is in src/runtime/",
      { path: `^src/${anyOf(IN_A_BROWSER)}/` },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'redis-imports-the-face',
      'lookup/redis/ imports of lookup/ what the state in memory implements too, and nothing else',
      { path: '^src/lookup/redis/' },
      {
        path: '^src/lookup/(?!redis/)',
        pathNot: `^src/lookup/${FACE}\\.ts$`,
      },
    ),
    rule(
      'redis-is-behind-the-registry',
      "Only the file that makes a key's state imports lookup/redis/: the others don't know where it is kept",
      {
        path: '^(src|nodes|editor)/',
        pathNot: `^src/lookup/(redis/|${REGISTRY}\\.ts$)`,
      },
      { path: '^src/lookup/redis/' },
    ),
    rule(
      'ioredis-is-in-redis',
      'What is not for Redis must work without ioredis',
      { path: '^src/', pathNot: '^src/lookup/redis/' },
      { path: '(^|node_modules/)ioredis(/|$)' },
    ),
    rule(
      'editor-knows-the-options',
      "editor/ runs in a browser: of the program it has the tables of options and of relations, and no package but the editor's own jQuery, which is a global",
      { path: '^editor/' },
      { pathNot: '^(editor/|src/(options|related/relations)\\.ts$)' },
    ),
    rule(
      'nodes-without-editor',
      'nodes/ runs in Node.js and editor/ in a browser: what both need is in src/options.ts',
      { path: '^(nodes|src)/' },
      { path: '^editor/' },
    ),
    rule(
      'product-without-tests',
      'What is installed imports nothing that is not',
      { path: '^(src|nodes|editor)/' },
      { path: '^(test|bench|scripts|tools)/' },
    ),
    rule('test-without-bench', 'What both need is in tools/', { path: '^test/' }, { path: '^bench/' }),
    rule('bench-without-test', 'What both need is in tools/', { path: '^bench/' }, { path: '^test/' }),
    rule(
      'tools-below-their-users',
      'tools/ is shared by test/, bench/ and scripts/',
      { path: '^tools/' },
      { path: '^(test|bench|scripts)/' },
    ),
    rule(
      'unit-tests-start-nothing',
      'npm run test:unit takes seconds: what starts Node-RED, Redis, a browser or another process is in a folder of its own',
      { path: '^test/.+\\.test\\.ts$', pathNot: `^test/${anyOf(SLOW_TESTS)}/` },
      {
        path: '^(node:)?child_process$|(^|node_modules/)(node-red-node-test-helper|playwright-core)(/|$)',
        reachable: true,
      },
    ),
    rule(
      'no-circles',
      'Files that import each other in a circle can only be read and changed together',
      {},
      { circular: true },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
