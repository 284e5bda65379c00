import { isObject } from '../report/narrow';
import { cleaned, defined, fieldAt, listAt, textAt } from './clean';

/** What sandboxes saw a file do: lists of what there is, each absent when it is empty. */
export interface Behavior {
  verdicts?: string[];
  tags?: string[];
  /** ATT&CK techniques, each once. */
  attack?: { id: string; description?: string; severity?: string }[];
  hosts?: { host: string; addresses?: string[] }[];
  traffic?: { address: string; port?: string; protocol?: string }[];
  http?: { url: string; method?: string; status?: string }[];
  dropped?: { path?: string; sha256?: string }[];
  processes?: string[];
  commands?: string[];
  registry?: { key: string; value?: string }[];
  mutexes?: string[];
  files?: string[];
  /** How many entries each list had, where some were left out. */
  left?: Record<string, number>;
}

/** The most that a behavior takes as JSON, in bytes. */
export const BEHAVIOR_BYTES = 8_000;

/** What the names of the lists and the counts of what was left out take. */
const OVERHEAD = 500;

/** Of a list of thousands no more is looked at. */
const LOOKED_AT = 1_000;

type Entry = string | Record<string, unknown>;
type Reader = (data: unknown) => Entry[];

const READERS: readonly (readonly [name: keyof Behavior, most: number, read: Reader])[] = [
  ['verdicts', 20, texts('verdicts')],
  ['attack', 40, techniques],
  ['hosts', 40, objects('dns_lookups', 'host', { host: 'hostname' }, { addresses: 'resolved_ips' })],
  [
    'traffic',
    40,
    objects('ip_traffic', 'address', {
      address: 'destination_ip',
      port: 'destination_port',
      protocol: 'transport_layer_protocol',
    }),
  ],
  [
    'http',
    30,
    objects('http_conversations', 'url', {
      url: 'url',
      method: 'request_method',
      status: 'response_status_code',
    }),
  ],
  ['dropped', 30, objects('files_dropped', 'path', { path: 'path', sha256: 'sha256' })],
  ['processes', 20, texts('processes_created')],
  ['commands', 20, texts('command_executions')],
  ['registry', 30, objects('registry_keys_set', 'key', { key: 'key', value: 'value' })],
  ['mutexes', 20, texts('mutexes_created')],
  ['files', 20, texts('files_written')],
  ['tags', 20, texts('tags')],
];

/**
 * Reads VirusTotal's `behaviour_summary`: a few bytes of megabytes. Whole entries are left out where the room is used up, of each list
 * in turn, so that none takes the place of the others.
 * @returns undefined when no sandbox saw anything
 */
export function readBehavior(body: unknown): Behavior | undefined {
  const data = fieldAt(body, 'data');
  const lists = READERS.map(([name, most, read]) => {
    const all = read(data);
    return { name, all, taken: all.slice(0, most), kept: [] as Entry[] };
  });
  let room = BEHAVIOR_BYTES - OVERHEAD;
  for (let index = 0; index < 40; index++) {
    for (const { taken, kept } of lists) {
      const entry = taken[index];
      if (entry === undefined) continue;
      const bytes = Buffer.byteLength(JSON.stringify(entry)) + 1;
      if (bytes > room) continue;
      room -= bytes;
      kept.push(entry);
    }
  }
  const left = lists.filter(({ all, kept }) => kept.length < all.length);
  const known = lists.filter(({ kept }) => kept.length > 0).map(({ name, kept }) => [name, kept]);
  if (known.length === 0 && left.length === 0) return undefined;
  return Object.fromEntries([
    ...known,
    ...(left.length === 0
      ? []
      : [['left', Object.fromEntries(left.map(({ name, all }) => [name, all.length]))]]),
  ]) as Behavior;
}

function texts(field: string): Reader {
  return (data) => unique(listAt(data, field, LOOKED_AT).flatMap((value) => cleaned(value) ?? []));
}

function objects(
  field: string,
  needed: string,
  names: Record<string, string>,
  lists: Record<string, string> = {},
): Reader {
  return (data) =>
    unique(
      listAt(data, field, LOOKED_AT).flatMap((value): Entry[] => {
        if (typeof value === 'string') {
          const text = cleaned(value);
          return text === undefined ? [] : [{ [needed]: text }];
        }
        const entry = defined({
          ...Object.fromEntries(Object.entries(names).map(([name, from]) => [name, textAt(value, from)])),
          ...Object.fromEntries(Object.entries(lists).map(([name, from]) => [name, textsAt(value, from)])),
        });
        return Object.keys(entry).length === 0 ? [] : [entry];
      }),
    );
}

function textsAt(value: unknown, name: string): string[] | undefined {
  const all = listAt(value, name, 5).flatMap((one) => cleaned(one, 60) ?? []);
  return all.length === 0 ? undefined : all;
}

/** A map by technique in the summary, a list in the reports of single sandboxes. */
function techniques(data: unknown): Entry[] {
  const byId = fieldAt(data, 'attack_techniques');
  const mapped = isObject(byId)
    ? Object.keys(byId)
        .slice(0, LOOKED_AT)
        .map((id) =>
          technique(id, Array.isArray(byId[id]) ? (byId[id] as unknown[])[0] : undefined, 'description'),
        )
    : [];
  const listed = listAt(data, 'mitre_attack_techniques', LOOKED_AT).map((one) =>
    technique(fieldAt(one, 'id'), one, 'signature_description'),
  );
  const seen = new Set<unknown>();
  return [...mapped, ...listed].flatMap((one) => {
    if (one === undefined || seen.has(one['id'])) return [];
    seen.add(one['id']);
    return [one];
  });
}

function technique(id: unknown, about: unknown, description: string): Record<string, unknown> | undefined {
  if (typeof id !== 'string' || !/^TA?\d{4}(\.\d{3})?$/.test(id)) return undefined;
  return {
    id,
    ...defined({ description: textAt(about, description), severity: textAt(about, 'severity', 60) }),
  };
}

function unique(entries: Entry[]): Entry[] {
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
}
