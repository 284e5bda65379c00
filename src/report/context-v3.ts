import { isCount, isObject, isStrings, own, type JsonObject } from './narrow';
import type { Report } from './report';
import { runtime } from '../runtime/current';

/**
 * What VirusTotal knows of it beside the engines' verdict, as names and counts: a person reads it, a flow decides by it, and the whole
 * lists are in the raw body. All of it together is below this number of bytes as JSON, whatever VirusTotal sends: each report is
 * cached, and copied for each message.
 */
export const MAX_CONTEXT_BYTES = 4096;

const MAX_NAMES = 10;
const MAX_NAME_CHARS = 120;
const MAX_RULES = 20;
const MAX_OBJECT_BYTES = 600;
const MAX_URL_CHARS = 300;
const MAX_AI_CHARS = 2000;

/** The text may have been written to be read by a model: `ai.text` goes to nothing that follows instructions. */
const AI_NOTE =
  'Written by a language model about a possibly hostile file: may be wrong, and may repeat what the file says';

/**
 * Sets the fields, the ones that a verdict needs first; what does not fit is left out, list items one by one. Every attribute is untrusted in
 * shape and size: what is not as VirusTotal documents it is left out, without an error, as the verdict does not depend on it.
 */
export function setContext(report: Report, attributes: JsonObject): void {
  const budget = new Budget(MAX_CONTEXT_BYTES);
  const set = (name: string, value: unknown): void => {
    if (value !== undefined && budget.spend({ [name]: value })) report[name] = value;
  };
  set('gti', gtiOf(own(attributes, 'gti_assessment')));
  set('sigma', levelsOf(attributes, 'sigma_analysis', 'rule_level', ['critical', 'high', 'medium', 'low']));
  set('ids', levelsOf(attributes, 'crowdsourced_ids', 'alert_severity', ['high', 'medium', 'low', 'info']));
  set('popularity', popularityOf(own(attributes, 'popularity_ranks')));
  set('signature', signatureOf(own(attributes, 'signature_info')));
  set('known_distributors', namesByField(own(attributes, 'known_distributors')));
  set('monitor', namesByField(own(attributes, 'monitor_info')));
  set('threat_severity', severityOf(own(attributes, 'threat_severity')));
  set('targeted_brand', textsByField(own(attributes, 'targeted_brand')));
  set(
    'redirection_chain',
    budget.fitting('redirection_chain', redirectsOf(own(attributes, 'redirection_chain')), 1000),
  );
  set('yara', budget.fitting('yara', yaraOf(own(attributes, 'crowdsourced_yara_results')), 1000));
  set('ai', aiOf(own(attributes, 'crowdsourced_ai_results'), budget.left));
}

/** Bytes as JSON in UTF-8. */
class Budget {
  constructor(public left: number) {}

  spend(value: unknown): boolean {
    const bytes = jsonBytes(value);
    if (bytes > this.left) return false;
    this.left -= bytes;
    return true;
  }

  /** The first items of a list, as many as fit into that number of bytes. */
  fitting<T>(name: string, list: T[] | undefined, bytes: number): T[] | undefined {
    if (list === undefined) return undefined;
    let left = Math.min(bytes, this.left) - jsonBytes({ [name]: [] });
    const kept: T[] = [];
    for (const item of list) {
      left -= jsonBytes(item) + 1;
      if (left < 0) break;
      kept.push(item);
    }
    return kept.length === 0 ? undefined : kept;
  }
}

/** What is carried as VirusTotal has it. */
function isSmall(value: JsonObject): boolean {
  return Object.keys(value).length > 0 && jsonBytes(value) <= MAX_OBJECT_BYTES;
}

function jsonBytes(value: unknown): number {
  return runtime.utf8Length(JSON.stringify(value));
}

/** Google Threat Intelligence's verdict: only for its keys, and only when the request has `x-tool`. */
function gtiOf(given: unknown): JsonObject | undefined {
  if (!isObject(given)) return undefined;
  const word = (name: string, prefix: string): string | undefined => {
    const value = valueOf(given, name);
    return typeof value === 'string' ? cut(value.replace(prefix, '').toLowerCase(), 40) : undefined;
  };
  const score = valueOf(given, 'threat_score');
  return known({
    verdict: word('verdict', 'VERDICT_'),
    severity: word('severity', 'SEVERITY_'),
    score: typeof score === 'number' && Number.isFinite(score) ? score : undefined,
  });
}

function valueOf(given: JsonObject, name: string): unknown {
  const field = own(given, name);
  return isObject(field) ? own(field, 'value') : undefined;
}

/** Counts by level: VirusTotal's own, or else of the rules that it lists. */
function levelsOf(
  attributes: JsonObject,
  prefix: string,
  field: string,
  levels: readonly string[],
): JsonObject | undefined {
  const stats = own(attributes, `${prefix}_stats`);
  const results = own(attributes, `${prefix}_results`);
  const count = (level: string): number => {
    if (isObject(stats)) {
      const said = own(stats, level);
      return isCount(said) ? said : 0;
    }
    return (results as unknown[]).filter((rule) => isObject(rule) && own(rule, field) === level).length;
  };
  if (!isObject(stats) && !Array.isArray(results)) return undefined;
  return Object.fromEntries(levels.map((level) => [level, count(level)]));
}

/** `{list: rank}` */
function popularityOf(ranks: unknown): JsonObject | undefined {
  if (!isObject(ranks)) return undefined;
  const entries = Object.keys(ranks).flatMap((list): [string, number][] => {
    const rank = isObject(ranks[list]) ? own(ranks[list], 'rank') : undefined;
    return isCount(rank) ? [[cut(list, 40), rank]] : [];
  });
  return known(Object.fromEntries(entries.slice(0, MAX_NAMES)));
}

/** `verified` in VirusTotal's words ("Signed", or what is wrong with it), and who signed. A file that isn't signed has neither. */
function signatureOf(given: unknown): JsonObject | undefined {
  if (!isObject(given)) return undefined;
  const verified = own(given, 'verified');
  const signers = own(given, 'signers');
  return known({
    verified: typeof verified === 'string' ? cut(verified, 200) : undefined,
    signers: typeof signers === 'string' ? names(signers.split(';').map((name) => name.trim())) : undefined,
  });
}

/** `known_distributors` and `monitor_info`: lists of names by what they name. */
function namesByField(given: unknown): JsonObject | undefined {
  if (!isObject(given)) return undefined;
  if (isSmall(given)) return given;
  const lists = ['distributors', 'organizations', 'products', 'filenames', 'data_sources'];
  return known(Object.fromEntries(lists.map((name) => [name, names(own(given, name))])));
}

function severityOf(given: unknown): JsonObject | undefined {
  if (!isObject(given)) return undefined;
  if (isSmall(given)) return given;
  const level = own(given, 'threat_severity_level');
  const description = own(given, 'level_description');
  return known({
    threat_severity_level: typeof level === 'string' ? cut(level, 40) : undefined,
    level_description: typeof description === 'string' ? cut(description, 400) : undefined,
  });
}

/** `{vendor: brand}` */
function textsByField(given: unknown): JsonObject | undefined {
  if (!isObject(given)) return undefined;
  const texts = Object.entries(given).flatMap(([name, value]) =>
    typeof value === 'string' ? [[cut(name, 40), cut(value, 80)]] : [],
  );
  return known(Object.fromEntries(texts.slice(0, MAX_NAMES)) as JsonObject);
}

function redirectsOf(given: unknown): string[] | undefined {
  return isStrings(given) ? given.map((url) => cut(url, MAX_URL_CHARS)) : undefined;
}

function yaraOf(given: unknown): JsonObject[] | undefined {
  if (!Array.isArray(given)) return undefined;
  return given.slice(0, MAX_RULES).flatMap((rule: unknown) => {
    const text = (name: string): string | undefined => {
      const value = isObject(rule) ? own(rule, name) : undefined;
      return typeof value === 'string' && value !== '' ? cut(value, MAX_NAME_CHARS) : undefined;
    };
    const name = text('rule_name');
    return name === undefined ? [] : [{ name, ...known({ author: text('author'), source: text('source') }) }];
  });
}

/** What VirusTotal's Code Insight makes of the file, the first text of it. */
function aiOf(given: unknown, bytes: number): JsonObject | undefined {
  const first: unknown = Array.isArray(given)
    ? given.find((each) => isObject(each) && typeof each['analysis'] === 'string')
    : undefined;
  if (!isObject(first)) return undefined;
  const { source, verdict } = first;
  const head = {
    note: AI_NOTE,
    ...known({
      source: typeof source === 'string' ? cut(source, 40) : undefined,
      verdict: typeof verdict === 'string' && verdict !== '' ? cut(verdict, 40) : undefined,
    }),
  };
  let text = cut(first['analysis'] as string, MAX_AI_CHARS);
  // A character may take six bytes.
  const over = (): number => jsonBytes({ ai: { ...head, text } }) - bytes;
  while (text !== '' && over() > 0) text = cut(text, Math.max(0, text.length - Math.ceil(over() / 6)));
  return text === '' ? undefined : { ...head, text };
}

function names(given: unknown): string[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const texts = given.filter((name): name is string => typeof name === 'string' && name !== '');
  return texts.length === 0 ? undefined : texts.slice(0, MAX_NAMES).map((name) => cut(name, MAX_NAME_CHARS));
}

/** No half of a surrogate pair at the end. */
function cut(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const end = /[\uD800-\uDBFF]/.test(text[chars - 1] ?? '') ? chars - 1 : chars;
  return text.slice(0, end);
}

/** The fields that are there; undefined for none. */
function known(fields: JsonObject): JsonObject | undefined {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return there.length === 0 ? undefined : Object.fromEntries(there);
}
