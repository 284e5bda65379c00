import { type HashPlace, Side } from './file-hashes';
import { readHashName } from './hash-name';
import { formatPath, type PropertyPath, shortKey, valueAt } from './property-path';

/** Keys of an element's value in a list of hashes or indicators. */
const VALUE_KEY = /^(?:value|data|indicator|observable|ioc|ioc_?value|hash|hash_?value)$/i;

/**
 * Where a hash that is the whole of a value stands: sibling keys, elements of a list of hashes or of a list of indicators. Undefined where
 * nothing says that what stands beside it is of the same file.
 *
 * The scope of a place is the path to the hash without what names its algorithm, so that the hashes of one file have the same scope and those of
 * two files do not:
 *
 * - `{file: {hash: {md5, sha256}}, parent: {md5}}`: scopes `file` and `parent`. Keys that only say "hashes" are left out.
 * - `{md5_before, sha1_before, md5_after}`: scopes `before` and `after`, the stems of the keys.
 * - `FileHashes: [{Algorithm, Value}, …]`, `attachment: {hashes: […]}`: the list is of one file, and its path is the scope.
 * - `[{type: 'md5', value}, {type: 'sha1', value}, …]`: a list of indicators may be of many files. Its elements have `Side.List`, where
 *   neighbors are joined only if all else that is said of them is the same, which is why it is part of the scope.
 *
 * The forms come from Defender, MISP, STIX, Elasticsearch (ECS), Wazuh and Sysmon (test/ioc/files.test.ts has them).
 * @param label what the text itself says of the hash, as "MD5" in `['MD5: <hash>', 'SHA1: <hash>']`
 */
export function placeOfHash(place: PropertyPath | undefined, label: string): HashPlace | undefined {
  if (place === undefined) return undefined;
  const { key, parent } = place;
  if (typeof key === 'number') return placeInList(parent, label, key);
  if (isElement(place) && parent !== undefined)
    return placeOfElement(parent.parent, parent.key as number, place);
  return placeOfKey(place, label);
}

/** `{algorithm, value}` in a list; not `{sha1, hash}`, which has its hashes itself. */
function isElement({ key, parent, object, label }: PropertyPath): boolean {
  if (typeof parent?.key !== 'number' || !VALUE_KEY.test(String(key)) || object === undefined) return false;
  const others = Object.keys(object).filter((other) => other !== key);
  const isNamed = label !== undefined || others.some((other) => /algo|type/i.test(other));
  return isNamed && !others.some((other) => readHashName(other).isKind);
}

/** `md5_after`, `hash.md5`, `file: {hashes: {'SHA-256'}}`, `md5: {after}`: what the keys say beside the algorithm is the same for all of a file. */
function placeOfKey(place: PropertyPath, label: string): HashPlace | undefined {
  const segments = segmentsOf(place);
  const last = label === '' ? segments.pop() : label;
  const own = readHashName(last ?? '');
  const stems = [own.stem];
  if (!own.isHash) {
    // `md5: {before, after}`
    const outer = readHashName(segments.at(-1) ?? '');
    if (!outer.isKind) return undefined;
    stems.push(outer.stem);
    segments.pop();
  }
  for (let levels = 0; levels < 2 && isOfHashes(segments.at(-1)); levels++) segments.pop();
  return { side: Side.Named, scope: [...segments, stems.filter((stem) => stem !== '').join(' ')].join('\n') };
}

/** An element of a list that is the hash itself, or its label and the hash. */
function placeInList(list: PropertyPath | undefined, label: string, index: number): HashPlace | undefined {
  if (list === undefined) return undefined;
  if (typeof list.key === 'number') return placeInColumn(list, index);
  const { isHash, isKind } = readHashName(list.key);
  if (readHashName(label).isKind) return placeOfElement(list, index, undefined, readHashName(label).stem);
  // As Cybereason gives the fields of a record: `md5String: {values: ['<hash>']}`.
  if (/^values?$/i.test(list.key)) return isSingle(list) ? placeOfKey(list, '') : undefined;
  if (!isHash) return undefined;
  const of = isListOfFile(list);
  if (isKind) {
    // As Elasticsearch gives the fields of a document: `'file.hash.md5': ['<hash>']`.
    return of && isSingle(list) ? placeOfKey(list, '') : undefined;
  }
  return of ? placeOfElement(list, index, undefined) : undefined;
}

/** The keys that a result of a query has its rows and its columns under: of Sentinel, Kusto, Elasticsearch, Splunk. */
const ROWS_KEY = /^(?:rows|values|datarows|data|results)$/i;
const COLUMNS_KEY = /^(?:columns|fields|schema)$/i;

/** A cell of a row that is a list, by the name of its column: `{columns: [{name: 'SHA1'}, …], rows: [['<hash>', …], …]}`. */
function placeInColumn(row: PropertyPath, index: number): HashPlace | undefined {
  const rows = row.parent;
  if (rows?.object === undefined || !ROWS_KEY.test(String(rows.key))) return undefined;
  const columns = Object.entries(rows.object).find(([key]) => COLUMNS_KEY.test(key))?.[1] as unknown;
  const column: unknown = Array.isArray(columns) ? columns[index] : undefined;
  const name = typeof column === 'object' && column !== null ? nameOfColumn(column) : column;
  if (typeof name !== 'string') return undefined;
  const { isHash, stem } = readHashName(name);
  return isHash ? { side: Side.Named, scope: [...segmentsOf(row), stem].join('\n') } : undefined;
}

function nameOfColumn({
  name,
  Name,
  ColumnName,
}: {
  name?: unknown;
  Name?: unknown;
  ColumnName?: unknown;
}): unknown {
  return name ?? Name ?? ColumnName;
}

function isSingle(list: PropertyPath): boolean {
  const elements = valueAt(list);
  return Array.isArray(elements) && elements.length === 1;
}

/** An element of a list of hashes, which is of one file, or of a list of indicators. */
function placeOfElement(
  list: PropertyPath | undefined,
  index: number,
  value: PropertyPath | undefined,
  stem = '',
): HashPlace | undefined {
  const path = segmentsOf(list);
  const key = typeof list?.key === 'string' ? list.key : '';
  const name = readHashName(path.at(-1) ?? '');
  if (key !== '' && name.isHash) {
    path.pop();
    return { side: Side.Named, scope: [...path, name.stem, stem].join('\n') };
  }
  if (list !== undefined && isFile(list.object))
    return { side: Side.Named, scope: [...path, stem].join('\n') };
  if (value === undefined) return undefined;
  // As Trend Vision One says which file of an event it is: `{field: 'objectFileHashSha1', value}`.
  const field = readHashName(fieldOf(value.object));
  if (field.isKind && field.stem !== '')
    return { side: Side.Named, scope: [...path, 'field', field.stem].join('\n') };
  return { side: Side.List, scope: [...path, remarksOn(value)].join('\n'), index };
}

function fieldOf(object: object | undefined): string {
  const field: unknown = (object as { field?: unknown } | undefined)?.field;
  return typeof field === 'string' ? field : '';
}

/** The keys on the way, those with dots taken apart. */
function segmentsOf(place: PropertyPath | undefined): string[] {
  const segments: string[] = [];
  for (let at = place; at !== undefined; at = at.parent) {
    const key = typeof at.key === 'number' ? `[${at.key}]` : shortKey(at.key);
    if (typeof at.key === 'string' && key.includes('.')) segments.push(...key.split('.').reverse());
    else segments.push(key);
  }
  return segments.reverse();
}

/** Whether a key says nothing but that there are hashes below it. */
function isOfHashes(segment: string | undefined): boolean {
  if (segment === undefined || segment.startsWith('[')) return false;
  const { isHash, isKind, stem } = readHashName(segment);
  return isHash && !isKind && stem === '';
}

/** What one file is called where it has hashes. */
const FILE_WORD =
  /(?:^|[^\p{L}])(?:file|attachment|sample|image|process|executable|binary|dll|module|driver|library|target|parent|pe)$/iu;
const FILE_KEY = /^(?:file_?size|size|file_?name|file_?path|path|content_?type|mime_?type|extension)$/i;
const FILE_TYPE = /^(?:\w+[-_])?(?:file|pe|elf|attachment|malware-sample|sample)$/i;

/** Whether a list of hashes is one of a file: `attachment: {hashes}`, `process_hash`, `{size, hashes}`; not `{ips, hashes}`. */
function isListOfFile(list: PropertyPath): boolean {
  const segments = segmentsOf(list);
  const { stem } = readHashName(segments.pop() ?? '');
  while (isOfHashes(segments.at(-1))) segments.pop();
  const last = segments.pop() ?? '';
  const owner = last.startsWith('[') ? (segments.at(-1) ?? '').replace(/s$/, '') : last;
  return FILE_WORD.test(stem) || FILE_WORD.test(spaced(owner)) || isFile(list.object);
}

function spaced(key: string): string {
  return key.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
}

/** Whether an object describes a file, by its keys or its type: `{size, contentType, hashes}`, MISP's `{name: 'file', Attribute}`. */
function isFile(object: object | undefined): boolean {
  if (object === undefined || Array.isArray(object)) return false;
  return Object.entries(object).some(
    ([key, value]) =>
      FILE_KEY.test(key) ||
      (/^@?(?:type|name|kind|class|entityType|object_?type)$/i.test(key) &&
        typeof value === 'string' &&
        FILE_TYPE.test(value)),
  );
}

/** What says of an element which one of many it is, and nothing of what it is about. */
const OF_THE_RECORD =
  /id$|uuid|time|date|stamp|created|updated|seen|sight|count|^_|^\$|type|kind|algo|relation|^(?:name|key|field|label|alg)$/i;

/** What is said of an element beside its kind and value: two elements of one file have the same. */
function remarksOn({ key, object }: PropertyPath): string {
  const remarks = Object.entries(object ?? {}).filter(
    ([name, value]) => name !== key && !OF_THE_RECORD.test(name) && isRemark(value),
  );
  return JSON.stringify(remarks);
}

function isRemark(value: unknown): boolean {
  if (typeof value === 'string') return !readHashName(value).isKind;
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Where the hash in a link to VirusTotal belongs, as in Wazuh's `{sha1, permalink}`: beside those of the object that has the link. */
export function placeOfPermalink(place: PropertyPath | undefined): HashPlace | undefined {
  return place?.object !== undefined && /permalink$/i.test(String(place.key))
    ? placeOfBytes(place)
    : undefined;
}

/** Where the hash of bytes belongs: beside what their object says of the hashes of its file, as `{content, checksum}`. */
export function placeOfBytes(place: PropertyPath | undefined): HashPlace | undefined {
  if (place === undefined || typeof place.key === 'number') return undefined;
  return { side: Side.Named, scope: [...segmentsOf(place.parent), ''].join('\n') };
}

/** The row of a table that a cell is in. */
export interface Row {
  readonly index: number;
  /** The head of the cell's column; empty without one. */
  readonly head: string;
  /** Of a row that names the kind of its indicator: what else it says. */
  readonly remarks?: string;
}

/** A row of a table, within the value that has the table. */
export function placeInRow(place: PropertyPath | undefined, row: Row): HashPlace {
  const { index, head, remarks } = row;
  if (remarks !== undefined)
    return { side: Side.List, scope: `${formatPath(place)}\nrows\n${remarks}`, index };
  const { stem } = readHashName(head);
  return { side: Side.Named, scope: `${formatPath(place)}\nrow ${index}\n${stem}`, isBare: head === '' };
}
