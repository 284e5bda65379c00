import { FILES, titleOf } from './files.mjs';

const START = { text: 'Start in five minutes', link: '/start' };
const NODES = 'docs/nodes/index.md';

/** The groups of the sidebar in their order: pages by their file, others by title and link. */
const GROUPS = [
  ['Start', START, 'docs/playground.md'],
  [
    'Nodes',
    NODES,
    ...['virustotal', 'virustotal-report-analysis', 'virustotal-summary', 'virustotal-stix'].map(ofNode),
    ...['virustotal-related', 'virustotal-submit', 'virustotal-watch', 'virustotal-events'].map(ofNode),
    ...['virustotal-config', 'sidebar'].map(ofNode),
  ],
  ['Messages', 'docs/indicators.md', 'docs/messages.md', 'docs/stix.md'],
  ['Verdicts', 'docs/verdicts.md'],
  ['Quota', 'docs/quota.md', 'docs/deploys.md'],
  ['Recipes'],
  ['Operations', 'docs/operations.md', 'docs/scaling.md', 'docs/redis.md'],
  ['Security', 'docs/privacy.md', 'SECURITY.md', 'docs/security-review.md'],
  ['Library', 'docs/library.md', { text: 'API', link: '/library/api/' }],
  ['Troubleshooting', 'docs/troubleshooting.md'],
  ['Upgrading', 'MIGRATION.md', 'SUPPORT.md', 'CHANGELOG.md'],
];

function ofNode(name) {
  return `docs/nodes/${name}.md`;
}

/**
 * The sidebar as VitePress takes it. A file that no group names is in a last group of its own.
 *
 * @param {{ text: string, link: string }[]} recipes their pages
 */
export function sidebar(recipes) {
  const named = new Set(GROUPS.flat());
  const others = [...FILES.keys()].filter((file) => !named.has(file));
  const groups = others.length === 0 ? GROUPS : [...GROUPS, ['More', ...others]];
  return groups.map(([text, ...pages]) =>
    text === 'Recipes'
      ? { text, link: '/recipes/', collapsed: true, items: recipes }
      : { text, items: pages.map((page) => (typeof page === 'string' ? itemOf(page) : page)) },
  );
}

function itemOf(file) {
  const route = FILES.get(file);
  if (route === undefined) throw new Error(`The sidebar names ${file}, which is no page`);
  return { text: file === NODES ? 'All nodes' : titleOf(file), link: `/${route.replace(/index$/, '')}` };
}
