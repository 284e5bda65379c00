import type { StixBundle, StixObject } from '../../src/stix/stix';

/**
 * What the importers of three platforms do with a bundle, as rules read from their code and documentation:
 *
 * - OpenCTI: pycti 6.8.10 (OpenCTI-Platform/client-python), `create`, `generate_id` and `import_from_stix2` in pycti/entities;
 * - MISP: misp-stix (MISP/misp-stix), stix2misp/external_stix2_to_misp.py and stix2misp/converters;
 * - Microsoft Sentinel: the upload API for STIX objects, which names the types that it takes.
 */

type Rule = (object: StixObject, bundle: StixBundle) => string | undefined;

const typeOf = (id: unknown): string => String(id).split('--')[0] ?? '';
const others = (object: StixObject, { objects }: StixBundle): StixObject[] =>
  objects.filter((other) => other.type === object.type && other.id !== object.id);
const sameIn = (object: StixObject, other: StixObject, names: readonly string[]): boolean =>
  names.every((name) => JSON.stringify(object[name]) === JSON.stringify(other[name]));
const isMissing = (object: StixObject, ...names: string[]): boolean =>
  names.some((name) => object[name] === undefined || object[name] === '');

/** What makes an object one and the same in OpenCTI, whatever its id: two that agree in it become one. */
const OPENCTI_IDENTITY: Readonly<Record<string, readonly string[]>> = {
  'malware-analysis': ['product', 'result_name', 'submitted'],
  malware: ['name'],
  note: ['content', 'created'],
  indicator: ['pattern'],
};

const OPENCTI: readonly Rule[] = [
  (object) =>
    object.type === 'malware-analysis' && isMissing(object, 'product', 'result_name', 'submitted')
      ? 'is dropped: product and result_name are demanded, and submitted tells two apart'
      : undefined,
  (object) =>
    object.type === 'indicator' &&
    isMissing(object, 'name', 'pattern', 'pattern_type', 'x_opencti_main_observable_type')
      ? 'is not created: it lacks the type of its observable'
      : undefined,
  (object) =>
    object.relationship_type === 'duplicate-of'
      ? 'is refused: no duplicate-of between observables'
      : undefined,
  (object, bundle) => {
    const names = OPENCTI_IDENTITY[object.type];
    const twin = names && others(object, bundle).find((other) => sameIn(object, other, names));
    return twin && `becomes one with ${twin.id}`;
  },
];

/** What STIX2SampleObservableConverter has a parser for. */
const MISP_SAMPLES = ['artifact', 'directory', 'file', 'software'];

const MISP: readonly Rule[] = [
  (object) =>
    object.type === 'malware-analysis' &&
    [object.sample_ref, ...((object.analysis_sco_refs ?? []) as string[])].some(
      (ref) => ref !== undefined && !MISP_SAMPLES.includes(typeOf(ref)),
    )
      ? 'ends the import: only files are parsed as a sample'
      : undefined,
  (object) =>
    object.type === 'indicator' && !(object.indicator_types as string[]).includes('malicious-activity')
      ? 'becomes an attribute to detect by, though nothing malicious is known of it'
      : undefined,
  (object, { objects }) =>
    object.type === 'marking-definition' && !objects.some(({ type }) => type === 'report')
      ? 'stands in an event that is named after the importer'
      : undefined,
];

const SENTINEL_TYPES = ['indicator', 'attack-pattern', 'threat-actor', 'identity', 'relationship'];

const SENTINEL: readonly Rule[] = [
  ({ type }) => (SENTINEL_TYPES.includes(type) ? undefined : 'is of a type that the upload API refuses'),
  ({ type, source_ref, target_ref }, { objects }) =>
    type === 'relationship' && ![source_ref, target_ref].every((ref) => objects.some(({ id }) => id === ref))
      ? 'leads to an object that is not there'
      : undefined,
];

export const PLATFORM_RULES = { opencti: OPENCTI, misp: MISP, sentinel: SENTINEL } as const;

/** What the importer of a platform does wrong with a bundle, or loses; empty when it takes in all of it. */
export function importProblems(platform: keyof typeof PLATFORM_RULES, bundle: StixBundle): string[] {
  return bundle.objects.flatMap((object) =>
    PLATFORM_RULES[platform].flatMap((rule) => {
      const problem = rule(object, bundle);
      return problem === undefined ? [] : [`${object.id} ${problem}`];
    }),
  );
}
