import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { programPlugin } from './playground/program.mjs';
import { slugOf } from '../pages/markdown.mjs';

const sidebar = JSON.parse(readFileSync(new URL('../.pages/sidebar.json', import.meta.url), 'utf8'));

/** The path below which the site is served: a project page of GitHub has the name of its repository. */
const base = process.env.DOCS_BASE ?? '/';

/** A browser that keeps to it sends nothing to any other site, whatever a page says. VitePress sets the theme with a script in the page. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "form-action 'none'",
].join('; ');

export default defineConfig({
  title: 'VirusTotal for Node-RED',
  description:
    'Find the indicators in a message, get their VirusTotal reports within your quota, and route them by verdict.',
  lang: 'en-US',
  base,
  srcDir: '.pages',
  cleanUrls: false,
  lastUpdated: false,
  ignoreDeadLinks: false,
  vite: { plugins: [programPlugin()] },
  head: [
    ['meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }],
    ['link', { rel: 'icon', href: `${base}icons/virustotal.svg` }],
  ],
  markdown: {
    anchor: { slugify: slugOf },
    // Comments in code have a contrast of 4.5 with these.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    outline: { level: [2, 3] },
    search: { provider: 'local' },
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Nodes', link: '/nodes/', activeMatch: '^/nodes/' },
      { text: 'Recipes', link: '/recipes/', activeMatch: '^/recipes/' },
      { text: 'Playground', link: '/playground' },
      { text: 'Library', link: '/library', activeMatch: '^/library' },
    ],
    sidebar,
    socialLinks: [{ icon: 'github', link: 'https://github.com/nr-threat-intel/node-red-virustotal' }],
  },
});
