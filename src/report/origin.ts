import { isObject, own } from './narrow';

/** Where an indicator came from: another one has a relation to it. */
export interface Origin {
  /** The indicator. */
  value: string;
  /** The name of the relation, as VirusTotal's API has it: `contacted_ips`. */
  relation: string;
  /** The indicator that has the relation. */
  of: string;
}

/** More than a related node sends of one indicator. */
const MOST_ORIGINS = 400;
/** Longer ones are no indicators. */
const LONGEST_VALUE = 8_192;

/** The origins in `msg.pivot`, which may have come through any node, a file or a broker. */
export function originsIn(pivot: unknown): Origin[] {
  const from = isObject(pivot) ? own(pivot, 'from') : undefined;
  return Array.isArray(from) ? (from.slice(0, MOST_ORIGINS) as unknown[]).filter(isOrigin) : [];
}

/** Whether a value says where an indicator came from. */
export function isOrigin(value: unknown): value is Origin {
  if (!isObject(value)) return false;
  const [indicator, relation, of] = ['value', 'relation', 'of'].map((name) => own(value, name));
  return isValue(indicator) && isValue(of) && typeof relation === 'string' && /^[a-z_]{1,60}$/.test(relation);
}

function isValue(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_VALUE;
}
