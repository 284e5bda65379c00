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
const ANY_ID = id('[a-z][a-z0-9-]+');

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
    },
    {
      ...SDO_OPTIONAL,
      name: text,
      description: text,
      pattern_version: oneOf('2.1'),
      indicator_types: listOf(oneOf('malicious-activity', 'anomalous-activity', 'benign', 'unknown')),
    },
  ],
  malware: [
    { ...SDO, is_family: truth },
    { ...SDO_OPTIONAL, name: text, malware_types: listOf(text), sample_refs: listOf(id('file')) },
  ],
  'malware-analysis': [
    { ...SDO, product: form(/^[a-z0-9-]+$/), result: oneOf('malicious', 'suspicious', 'benign', 'unknown') },
    {
      ...SDO_OPTIONAL,
      result_name: text,
      analysis_ended: time,
      sample_ref: id('file'),
      analysis_sco_refs: listOf(ANY_ID),
    },
  ],
  'attack-pattern': [
    { ...SDO, name: text },
    { ...SDO_OPTIONAL, kill_chain_phases: listOf(phase) },
  ],
  relationship: [
    { ...SDO, relationship_type: form(/^[a-z0-9-]+$/), source_ref: ANY_ID, target_ref: ANY_ID },
    { ...SDO_OPTIONAL, description: text },
  ],
  'domain-name': [{ value: form(/^[^\s/@:]+$/) }, MARKED],
  'ipv4-addr': [{ value: form(/^\d+\.\d+\.\d+\.\d+$/) }, MARKED],
  'ipv6-addr': [{ value: form(/^[0-9a-f:.]+$/) }, MARKED],
  url: [{ value: uri }, MARKED],
  'autonomous-system': [{ number: whole }, { ...MARKED, name: text }],
  file: [{ hashes }, { ...MARKED, name: text, size: whole }],
};

/** What a bundle does against STIX 2.1, each as a sentence; empty for a valid one. */
export function stixProblems(bundle: unknown): string[] {
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
      if (!ids.includes(ref)) problems.push(`${String(object.id)} refers to ${ref}, which is not there`);
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
  if (type === 'malware' && object.is_family === true && !text(object.name))
    problems.push('a family has no name');
  return problems;
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
