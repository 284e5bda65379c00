import { sectionOf } from './markdown.mjs';

/** The first page of the site from README: its lead, its picture and the reasons to trust it. */
export function homeOf(readme) {
  const lead = readme.split('\n').find((line) => /^[A-Z].*\.$/.test(line)) ?? '';
  const reasons = sectionOf(readme, 'Why trust it').matchAll(
    /^- \*\*(.+?)\.?\*\* ([^]*?)(?=\n- |$(?![^]))/gm,
  );
  const frontMatter = {
    layout: 'home',
    title: 'VirusTotal for Node-RED',
    titleTemplate: false,
    hero: {
      name: 'VirusTotal for Node-RED',
      text: 'Know what is malicious',
      tagline: lead,
      actions: [
        { theme: 'brand', text: 'Start in five minutes', link: '/start' },
        { theme: 'alt', text: 'Try the playground', link: '/playground' },
        { theme: 'alt', text: 'Recipes', link: '/recipes/' },
      ],
    },
    features: [...reasons].map(([, title, text = '']) => ({ title, details: plain(text) })),
  };
  return { frontMatter, markdown: /^!\[.*?\]\(.*?triage-flow\.png\)$/m.exec(readme)?.[0] ?? '' };
}

function plain(text) {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replaceAll('`', '');
}

/** The page to start with: the chapters of README that install and try it. */
export function startOf(readme) {
  const chapters = ['Install', 'First five minutes'].map(
    (heading) => `## ${heading}\n\n${sectionOf(readme, heading)}`,
  );
  return ['# Start in five minutes', ...chapters].join('\n\n');
}
