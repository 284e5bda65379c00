import { isStixPattern } from './stix-pattern';

type Check = (value: unknown) => boolean;
type Fields = Record<string, unknown>;

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const MS_TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text: Check = (value) => typeof value === 'string' && value !== '';
const time: Check = (value) => typeof value === 'string' && MS_TIME.test(value);
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const truth: Check = (value) => typeof value === 'boolean';
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.includes(value as string);
const form =
  (expression: RegExp): Check =>
  (value) =>
    typeof value === 'string' && expression.test(value);
const id = (...types: string[]): Check => form(new RegExp(`^(?:${types.join('|')})--${UUID}$`));
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every(check);
const fields =
  (required: Record<string, Check>, optional: Record<string, Check> = {}): Check =>
  (value) =>
    isFields(value) && problemsOf(value, required, optional).length === 0;

const uri = form(
  /^[A-Za-z][A-Za-z0-9+.-]*:(?:[\w\-.~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2}|\[[0-9a-fA-F:.]+\])+$/,
);
const reference = fields({ source_name: text }, { url: uri, external_id: text, description: text });
const phase = fields({ kill_chain_name: text, phase_name: form(/^[a-z0-9-]+$/) });
const hashes = fields(
  {},
  {
    MD5: form(/^[0-9a-f]{32}$/),
    'SHA-1': form(/^[0-9a-f]{40}$/),
    'SHA-256': form(/^[0-9a-f]{64}$/),
    SSDEEP: form(/^[a-zA-Z0-9/+:.]{1,128}$/),
    TLSH: form(/^[a-zA-Z0-9]{70}$/),
  },
);

const SDO = { created: time, modified: time };
const SDO_OPTIONAL = {
  created_by_ref: id('identity'),
  object_marking_refs: listOf(id('marking-definition')),
  external_references: listOf(reference),
  labels: listOf(text),
  confidence: (value: unknown) => whole(value) && (value as number) <= 100,
};
const MARKED = { object_marking_refs: listOf(id('marking-definition')) };
/** OpenCTI's own properties, which only a bundle for it has. */
const OPENCTI = {
  x_opencti_score: (value: unknown) => whole(value) && (value as number) <= 100,
  x_opencti_main_observable_type: text,
};
const ANY_ID = id('[a-z][a-z0-9-]+');

/** The open vocabulary for malware, section 10.17; all that VirusTotal's categories can become is in it. */
const MALWARE_TYPES =
  'adware backdoor bot bootkit ddos downloader dropper exploit-kit keylogger ransomware remote-access-trojan resource-exploitation ' +
  'rogue-security-software rootkit screen-capture spyware trojan unknown virus webshell wiper worm';

/** Ids, names and levels of TLP 2.0's markings, as the technical committee published them for its extension. */
const TLP_EXTENSION = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d';
const TLP: Record<string, [name: string, level: string]> = {
  'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487': ['TLP:CLEAR', 'clear'],
  'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb': ['TLP:GREEN', 'green'],
  'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421': ['TLP:AMBER', 'amber'],
  'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003': ['TLP:AMBER+STRICT', 'amber+strict'],
  'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1': ['TLP:RED', 'red'],
};

/**
 * The relationships of the types that are used here, from the tables of sections 4 and 6: "source relation target". Any two
 * may be `related-to`, any two of one type `duplicate-of`.
 */
const RELATIONSHIPS = new Set(
  [
    'indicator indicates malware',
    'indicator indicates attack-pattern',
    'malware communicates-with domain-name',
    'malware communicates-with ipv4-addr',
    'malware communicates-with ipv6-addr',
    'malware communicates-with url',
    'malware drops file',
    'malware uses attack-pattern',
    'malware variant-of malware',
    'malware-analysis analysis-of malware',
    'domain-name resolves-to ipv4-addr',
    'domain-name resolves-to ipv6-addr',
    'domain-name resolves-to domain-name',
    'ipv4-addr belongs-to autonomous-system',
    'ipv6-addr belongs-to autonomous-system',
  ].concat(
    // Not in the tables, which speak of observed data; the specification lets anybody add relationships.
    ['domain-name', 'ipv4-addr', 'ipv6-addr', 'url', 'file'].map((type) => `indicator based-on ${type}`),
  ),
);

/** The types that bundles here are made of, by STIX 2.1, sections 4 to 7: what each must have and what it may have. */
const TYPES: Record<string, [required: Record<string, Check>, optional: Record<string, Check>]> = {
  'marking-definition': [{ created: time, name: text, extensions: isFields }, {}],
  identity: [
    { ...SDO, name: text },
    { ...SDO_OPTIONAL, identity_class: oneOf('organization') },
  ],
  indicator: [
    {
      ...SDO,
      pattern: (value) => typeof value === 'string' && isStixPattern(value),
      pattern_type: oneOf('stix'),
      valid_from: time,
      description: text,
    },
    {
      ...SDO_OPTIONAL,
      ...OPENCTI,
      name: text,
      valid_until: time,
      pattern_version: oneOf('2.1'),
      indicator_types: listOf(oneOf('malicious-activity', 'anomalous-activity', 'benign', 'unknown')),
    },
  ],
  malware: [
    { ...SDO, is_family: truth },
    {
      ...SDO_OPTIONAL,
      name: text,
      description: text,
      aliases: listOf(text),
      malware_types: listOf(oneOf(...MALWARE_TYPES.split(' '))),
      sample_refs: listOf(id('file')),
    },
  ],
  'malware-analysis': [
    { ...SDO, product: form(/^[a-z0-9-]+$/), result: oneOf('malicious', 'suspicious', 'benign', 'unknown') },
    {
      ...SDO_OPTIONAL,
      result_name: text,
      submitted: time,
      analysis_ended: time,
      sample_ref: id('file'),
    },
  ],
  'attack-pattern': [
    { ...SDO, name: text },
    { ...SDO_OPTIONAL, kill_chain_phases: listOf(phase) },
  ],
  note: [
    { ...SDO, content: text, object_refs: listOf(ANY_ID) },
    { ...SDO_OPTIONAL, abstract: text },
  ],
  report: [{ ...SDO, name: text, published: time, object_refs: listOf(ANY_ID) }, SDO_OPTIONAL],
  relationship: [
    { ...SDO, relationship_type: form(/^[a-z0-9-]+$/), source_ref: ANY_ID, target_ref: ANY_ID },
    { ...SDO_OPTIONAL, description: text },
  ],
  'domain-name': [{ value: form(/^[^\s/@:]+$/) }, MARKED],
  'ipv4-addr': [{ value: form(/^\d+\.\d+\.\d+\.\d+$/) }, MARKED],
  'ipv6-addr': [{ value: form(/^[0-9a-f:.]+$/) }, MARKED],
  url: [{ value: uri }, MARKED],
  'autonomous-system': [{ number: whole }, { ...MARKED, name: text }],
  file: [{ hashes }, { ...MARKED, size: whole, x_opencti_additional_names: listOf(text), ...OPENCTI }],
};

/**
 * What a bundle does against STIX 2.1, each as a sentence; empty for a valid one.
 *
 * @param without types that the platform has by itself, which may be referred to and not be there
 */
export function stixProblems(bundle: unknown, without: readonly string[] = []): string[] {
  if (!isFields(bundle)) return ['the bundle is no object'];
  const problems = problemsOf(
    bundle,
    { type: oneOf('bundle'), id: id('bundle'), objects: listOf(isFields) },
    {},
  );
  const objects = Array.isArray(bundle.objects) ? bundle.objects.filter(isFields) : [];
  const ids = objects.map((object) => String(object.id));
  for (const [n, one] of ids.entries()) if (ids.indexOf(one) !== n) problems.push(`${one} is there twice`);
  const uuids = new Set(ids.map((one) => one.split('--')[1]));
  if (uuids.size !== new Set(ids).size) problems.push('two types share a UUID');
  for (const object of objects) {
    problems.push(...objectProblems(object).map((problem) => `${String(object.id)}: ${problem}`));
    for (const ref of references(object)) {
      if (!ids.includes(ref) && !without.includes(ref.split('--')[0] ?? ''))
        problems.push(`${String(object.id)} refers to ${ref}, which is not there`);
    }
  }
  return problems;
}

function objectProblems(object: Fields): string[] {
  const type = String(object.type);
  const [required, optional] = TYPES[type] ?? [];
  if (!required || !optional) return [`${type} is none of the types that are used here`];
  const common = { type: oneOf(type), spec_version: oneOf('2.1'), id: id(type) };
  const problems = problemsOf(object, { ...common, ...required }, optional);
  if (String(object.modified) < String(object.created))
    problems.push('it was modified before it was created');
  const { valid_from: from, valid_until: until } = object;
  if (typeof from === 'string' && typeof until === 'string' && until <= from)
    problems.push('it is valid until before it is valid');
  if (type === 'marking-definition') problems.push(...markingProblems(object));
  if (type === 'relationship' && !isRelationship(object)) problems.push('no relationship of these two types');
  if (type === 'malware' && object.is_family === true && !text(object.name))
    problems.push('a family has no name');
  return problems;
}

function markingProblems({ id: marking, name, extensions }: Fields): string[] {
  const [wantedName, level] = TLP[String(marking)] ?? [];
  const extension = isFields(extensions) ? extensions[TLP_EXTENSION] : undefined;
  const isOfTlp =
    wantedName === name &&
    isFields(extension) &&
    extension.extension_type === 'property-extension' &&
    extension.tlp_2_0 === level &&
    Object.keys(extensions as Fields).length === 1;
  return isOfTlp ? [] : ['it is none of the markings of TLP 2.0'];
}

function isRelationship({ source_ref, relationship_type, target_ref }: Fields): boolean {
  const typeOf = (ref: unknown): string => String(ref).split('--')[0] ?? '';
  const [source, target] = [typeOf(source_ref), typeOf(target_ref)];
  if (relationship_type === 'related-to') return true;
  if (relationship_type === 'duplicate-of') return source === target;
  return RELATIONSHIPS.has(`${source} ${String(relationship_type)} ${target}`);
}

function problemsOf(
  object: Fields,
  required: Record<string, Check>,
  optional: Record<string, Check>,
): string[] {
  const missing = Object.keys(required).filter((name) => !(name in object));
  const wrong = Object.entries(object).filter(
    ([name, value]) => !(required[name] ?? optional[name])?.(value),
  );
  return [
    ...missing.map((name) => `${name} is missing`),
    ...wrong.map(([name, value]) => `${name} may not be ${JSON.stringify(value)}`),
  ];
}

function references(object: Fields): string[] {
  return Object.entries(object).flatMap(([name, value]) => {
    if (name.endsWith('_ref')) return [value as string];
    return name.endsWith('_refs') ? (value as string[]) : [];
  });
}
