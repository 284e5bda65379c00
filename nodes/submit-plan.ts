import type { NodeMessage } from 'node-red';
import { VirusTotalError } from '../src/errors';
import { baseName } from '../src/ioc/bytes-hash';
import type { IndicatorFilter } from '../src/ioc/indicator-filter';
import type { Indicator } from '../src/ioc/ioc';
import { checkSubmission } from '../src/submit/guard';
import type { SubmitOptions } from '../src/submit/options';
import { indicatorOf, type FileTarget, type SubmitTarget } from '../src/submit/target';
import { fileNameOf } from './file-input';
import { fileOf, fileOfHash } from './submit-file';
import type { SubmitSetup } from './submit-setup';
import { reportedSubject, sendable, subjectOf } from './submit-subject';

/** What is to be done for a message. */
export interface SubmitPlan {
  readonly target: SubmitTarget;
  readonly indicator: Indicator;
  /** The file's name, where it has one. */
  readonly name?: string | undefined;
  /** Who had wrapped the link. */
  readonly wrapper?: string | undefined;
  readonly when?: Pick<SubmitOptions, 'when' | 'maxAgeDays'>;
  /** The report is about a file that the message does not have: it can't be submitted if VirusTotal doesn't know it. */
  readonly hasNoBytes?: boolean;
}

/** No report is older: it is only looked up. */
const LOOK_UP = { when: 'older', maxAgeDays: 36_500 } as const;

/**
 * What a message is to be submitted for.
 * @throws VirusTotalError `VT_INVALID_IOC` in the promise: for what is none, may not be sent, or is not of the files that this node may send
 */
export async function planOf(
  setup: SubmitSetup,
  filter: IndicatorFilter,
  { msg, value }: { msg: NodeMessage; value: unknown },
): Promise<SubmitPlan> {
  const plan = await planFor(setup, filter, { msg, value });
  checkSubmission(plan.target, setup.guard);
  return plan;
}

async function planFor(
  setup: SubmitSetup,
  filter: IndicatorFilter,
  { msg, value }: { msg: NodeMessage; value: unknown },
): Promise<SubmitPlan> {
  const { action, sourceName } = setup;
  if (action === 'url') return urlPlan(setup, filter, value);
  if (action === 'file') return filePlan(filter, await fileOf(value, msg, setup));
  if (action !== 'auto') return rescanPlan(sendable(filter, await subjectOf(value, sourceName)).indicator);
  const subject = reportedSubject(value, msg, sourceName);
  if (subject.type === 'url') return urlPlan(setup, filter, subject.value);
  const { indicator } = sendable(filter, subject);
  if (indicator.type === 'file') {
    const file = await fileOfHash(indicator.value, candidatesIn(msg, value), setup);
    if (file) return filePlan(filter, named(file, msg));
  }
  // A domain or an IP address can't be submitted, and a file not without its bytes: what VirusTotal knows it can scan again.
  const rescan = rescanPlan(indicator);
  const hasNoBytes = indicator.type === 'file';
  return { ...rescan, hasNoBytes, ...(setup.scan.when === 'unknown' ? { when: LOOK_UP } : {}) };
}

function urlPlan({ guard }: SubmitSetup, filter: IndicatorFilter, value: unknown): SubmitPlan {
  // As it stands: the canonical form has no user name and no password any more.
  if (typeof value === 'string') checkSubmission({ kind: 'url', url: value.trim() }, guard);
  const { indicator, wrapper } = sendable(filter, { type: 'url', value });
  if (indicator.type !== 'url')
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `No URL: the link of ${wrapper ?? 'a filter'} only says that it leads to ${indicator.value}`,
    );
  return { target: { kind: 'url', url: indicator.value }, indicator, wrapper };
}

function filePlan(filter: IndicatorFilter, target: FileTarget): SubmitPlan {
  const { indicator } = sendable(filter, indicatorOf(target));
  return { target, indicator, name: target.name };
}

function rescanPlan(indicator: Indicator): SubmitPlan {
  return { target: { kind: 'rescan', indicator }, indicator };
}

/** Where the bytes of a file may be, of which the report is. */
function candidatesIn(msg: NodeMessage, value: unknown): unknown[] {
  const { payload, attachments } = msg as { payload?: unknown; attachments?: unknown };
  const lists = [value, attachments].flatMap((each) => (Array.isArray(each) ? (each as unknown[]) : [each]));
  return [...lists, payload];
}

/** What the VirusTotal node before this one has called the file whose bytes these are. */
function named(file: FileTarget, msg: NodeMessage): FileTarget {
  if (file.name !== undefined) return file;
  const { virustotal } = msg as { virustotal?: unknown };
  const { name } = Object(virustotal) as { name?: unknown };
  return { ...file, name: typeof name === 'string' && name !== '' ? baseName(name) : fileNameOf(msg) };
}
