import { VirusTotalError } from '../errors';
import { MAX_FILE_BYTES } from '../ioc/bytes-hash';
import type { SubmitTarget } from './target';

/** What may be submitted, beyond what may be looked up. */
export interface SubmitGuardOptions {
  /** Submit URLs although they have credentials, tokens or one-time links in them. Default false. */
  allowTokens?: boolean | undefined;
  /** The most bytes of a file. Default and maximum 650 MiB. */
  maxFileBytes?: number | undefined;
  /** A regular expression that the name of a file must match somewhere, without regard to case; empty: any name. Default empty. */
  namePattern?: string | undefined;
  /** The extensions that a file may have, separated by commas or blanks, with or without the dot; empty: any. Default empty. */
  extensions?: string | undefined;
}

/**
 * Refuses what must not be submitted: VirusTotal visits a submitted URL with a browser, which uses up a link that works once, and shows both
 * URLs and files to others.
 * @throws VirusTotalError `VT_INVALID_IOC` that says what it is and how to allow it; `VT_CONFIG` for a pattern that is none
 */
export function checkSubmission(target: SubmitTarget, options: SubmitGuardOptions = {}): void {
  const { maxFileBytes = MAX_FILE_BYTES } = options;
  if (target.kind === 'file' && (target.size === 0 || target.size > maxFileBytes))
    throw new VirusTotalError('VT_INVALID_IOC', `Not sent: a file of ${target.size} bytes`);
}
