import type { NodeType } from '../src/options';

/** A text of a node's catalogue by its key, as `label.name`, with the values for its blanks and i18next's options. */
export type Texts = (key: string, values?: object) => string;

/** The texts of this node's catalogue, also where no node is at hand. */
export function textsOf(type: NodeType): Texts {
  return (key, values) => RED._(`@nr-threat-intel/node-red-virustotal/${type}:${key}`, values);
}

/** A number as the language of the editor writes it, which need not be that of the browser. */
export function localNumber(number: number, options?: Intl.NumberFormatOptions): string {
  return number.toLocaleString(RED.i18n.lang(), options);
}

/** The English text as a regular expression, and the names of its blanks, which are the groups. */
export function englishPattern(t: Texts, key: string): { source: string; names: string[] } {
  const english = t(key, { lng: 'en-US', skipInterpolation: true });
  const names = [...english.matchAll(/__(\w+?)__/g)].map(([, name = '']) => name);
  const source = english.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/__\w+?__/g, '(.+?)');
  return { source, names };
}
