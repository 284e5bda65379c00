import { quote, VirusTotalError } from '../errors';
import type { IocType } from '../ioc/ioc';
import { isObject } from '../report/narrow';
import { DEFAULT_RELATIONS, KINDS, relationOf, type Relation } from './relations';

/** The relations that are asked for, by the kind of the indicator. */
export type ChosenRelations = Readonly<Record<IocType, readonly Relation[]>>;

/**
 * Reads the option `relations`: names as `file.contacted_ips`, separated by commas or in an array; a name without a kind is of every kind
 * that has it, and `default` stands for the usual ones. Or an object with a list for each kind.
 * @throws VirusTotalError `VT_CONFIG` for a name that no kind has, and when there is none
 */
export function chosenRelations(given: unknown): ChosenRelations {
  const chosen: Record<IocType, Relation[]> = { file: [], url: [], domain: [], ip: [] };
  const names = namesIn(given);
  if (names.length === 0)
    throw new VirusTotalError('VT_CONFIG', 'No relations: choose at least one in the dialog of the node');
  for (const name of names) {
    const [kinds, relation] = splitName(name);
    const found = kinds.flatMap((kind) => {
      const one = relationOf(kind, relation);
      return one ? [{ kind, one }] : [];
    });
    if (found.length === 0)
      throw new VirusTotalError(
        'VT_CONFIG',
        `Not a relation: ${quote(name)}. It must be a kind and a name, such as file.contacted_ips or domain.resolutions`,
      );
    for (const { kind, one } of found) if (!chosen[kind].includes(one)) chosen[kind].push(one);
  }
  return chosen;
}

/** The kinds that a name may be of, and the name of the relation. */
function splitName(name: string): [kinds: readonly IocType[], relation: string] {
  const dot = name.indexOf('.');
  if (dot < 0) return [KINDS, name];
  return [KINDS.filter((kind) => kind === name.slice(0, dot)), name.slice(dot + 1)];
}

function namesIn(given: unknown): string[] {
  if (isObject(given)) return KINDS.flatMap((kind) => namesIn(given[kind]).map((name) => `${kind}.${name}`));
  const list: unknown[] = Array.isArray(given) ? given : typeof given === 'string' ? given.split(',') : [];
  const names = list.map((name) => String(name).trim()).filter(Boolean);
  return names.flatMap((name) => (name === 'default' ? DEFAULT_RELATIONS : name));
}
