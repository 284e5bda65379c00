import type { Indicator, IocType } from '../ioc/ioc';
import { canonicalIoc } from '../ioc/recognize';
import { quote } from '../errors';

/** What a list names, and the lines of it that are no indicator. */
export interface IndicatorLines {
  /** In the order of the list, each once. */
  indicators: Indicator[];
  /** Quoted, for an error text. */
  unread: string[];
}

/** A domain can be read as a URL without a scheme: the narrower kinds come first. */
const KINDS: readonly IocType[] = ['file', 'ip', 'domain', 'url'];

/**
 * The indicators of a list: text with one a line, an array of such texts, or indicators as this package has them. Empty lines and what
 * follows `#` are comments; defanged spellings are read. Never throws.
 */
export function readIndicators(list: unknown): IndicatorLines {
  const found = new Map<string, Indicator>();
  const unread: string[] = [];
  for (const item of itemsOf(list)) {
    const indicator = readItem(item);
    if (indicator) found.set(indicatorName(indicator), indicator);
    else unread.push(quote(item));
  }
  return { indicators: [...found.values()], unread };
}

/** By which an indicator is known in a list. */
export function indicatorName({ type, value }: Indicator): string {
  return `${type} ${value}`;
}

function itemsOf(list: unknown): unknown[] {
  if (Array.isArray(list)) return (list as unknown[]).flatMap(itemsOf);
  if (typeof list !== 'string') return list === undefined || list === null ? [] : [list];
  return list
    .split(/\r\n|[\n\r]/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function readItem(item: unknown): Indicator | undefined {
  if (typeof item === 'string') return readText(item) ?? readText(item.split(/\s+#|[\s,;]/, 1)[0] ?? '');
  if (typeof item !== 'object' || item === null) return undefined;
  const { type, value } = item as { type?: unknown; value?: unknown };
  const kind = KINDS.find((each) => each === type);
  if (typeof value !== 'string') return undefined;
  if (kind === undefined) return readText(value);
  const canonical = canonicalIoc(kind, value);
  return canonical === undefined ? undefined : { type: kind, value: canonical };
}

function readText(text: string): Indicator | undefined {
  for (const type of KINDS) {
    const value = canonicalIoc(type, text);
    if (value !== undefined) return { type, value };
  }
  return undefined;
}
