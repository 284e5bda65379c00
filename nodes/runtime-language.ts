import type { NodeAPI } from 'node-red';

/** The language of Node-RED itself: as it finds it, by its settings or else by the environment. */
export function runtimeLanguage(RED: NodeAPI): string {
  const { lang } = RED.settings as { lang?: unknown };
  if (typeof lang === 'string' && lang !== '') return lang;
  for (const name of ['LC_ALL', 'LC_MESSAGES', 'LANG']) {
    const value = process.env[name];
    if (value !== undefined) return value.slice(0, 2);
  }
  return '';
}
