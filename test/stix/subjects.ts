import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import type { AnalysisOptions } from '../../src/analysis/options';
import type { Report } from '../../src/report/report';
import { bundleSubjects, type BundleOptions } from '../../src/stix/bundle';
import type { StixBundle, StixObject } from '../../src/stix/stix';
import type { Assessment, Subject } from '../../src/stix/subject';
import { stixProblems } from '../support/stix-check';

/** A report of this package with its judgment, as the STIX node hands it in. */
export function subject(report: Report, options?: AnalysisOptions): Subject {
  const { type, resource: value, response_code } = report;
  if (response_code !== 1) return { type, value, report };
  return { type, value, report, assessment: analyzeReport(report, options) as Assessment };
}

export function bundleOf(report: Report, options?: BundleOptions): StixBundle {
  return validBundle([subject(report)], options);
}

/** Every bundle that a test makes is valid STIX. */
export function validBundle(subjects: readonly Subject[], options?: BundleOptions): StixBundle {
  const bundle = bundleSubjects(subjects, options);
  expect(stixProblems(bundle)).to.deep.equal([]);
  return bundle;
}

export function objectsOf({ objects }: StixBundle, type: string): StixObject[] {
  return objects.filter((object) => object.type === type);
}

/** The one object of a type. */
export function only(bundle: StixBundle, type: string): StixObject {
  const [first, ...others] = objectsOf(bundle, type);
  if (!first || others.length > 0) throw new Error(`there are ${others.length + (first ? 1 : 0)} of ${type}`);
  return first;
}

/** The relationships as sentences: "indicator based-on domain-name:bad.example". */
export function relations(bundle: StixBundle): string[] {
  const named = new Map(bundle.objects.map((object) => [object.id, nameOf(object)]));
  return objectsOf(bundle, 'relationship').map(
    ({ source_ref, relationship_type, target_ref }) =>
      `${named.get(source_ref as string)} ${String(relationship_type)} ${named.get(target_ref as string)}`,
  );
}

function nameOf({ type, value, number, name, hashes }: StixObject): string {
  if (type === 'indicator' || type === 'malware-analysis' || type === 'note') return type;
  const hash = hashes && (hashes as Record<string, string>)['SHA-256']?.slice(0, 4);
  return `${type}:${String(value ?? number ?? name ?? hash)}`;
}
