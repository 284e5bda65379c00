import { basename, win32 } from 'node:path';
import { oneLine, quote, VirusTotalError } from '../errors';
import { MAX_FILE_BYTES } from '../ioc/bytes-hash';
import { oneTimeReason } from './one-time-links';
import type { FileTarget, SubmitTarget } from './target';

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
  if (target.kind === 'file') {
    checkFile(target, options.maxFileBytes);
    checkName(target.name ?? target.path ?? '', options);
    return;
  }
  const url = urlOf(target);
  const reason = url === undefined || options.allowTokens === true ? undefined : oneTimeReason(url);
  if (url === undefined || reason === undefined) return;
  throw new VirusTotalError(
    'VT_INVALID_IOC',
    // Without what follows the host: it is what must not get around.
    `Not submitted: a URL of ${hostOf(url)} has ${reason}, and VirusTotal would visit it and show it to others. Allow tokens in URLs to submit it all the same`,
  );
}

/**
 * Refuses a file that VirusTotal doesn't take.
 * @throws VirusTotalError `VT_INVALID_IOC`
 */
export function checkFile({ size, name }: FileTarget, most: number = MAX_FILE_BYTES): void {
  const limit = Math.min(most, MAX_FILE_BYTES);
  const what = name === undefined || name === '' ? '' : ` ${quote(basename(win32.basename(name)))}`;
  if (!Number.isSafeInteger(size) || size <= 0)
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Not submitted: the file${what} is empty (${size} bytes), and there is nothing to scan`,
    );
  if (size > limit)
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Not submitted: the file${what} has ${size} bytes, and ${limit} are the most. Submit what is in it, or its hash to a lookup`,
    );
}

function checkName(given: string, { namePattern = '', extensions = '' }: SubmitGuardOptions): void {
  const name = basename(win32.basename(given));
  if (namePattern !== '' && !pattern(namePattern).test(name))
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Not submitted: the file name ${quote(name)} does not match ${quote(namePattern)}. Change the pattern for names to submit it`,
    );
  const allowed = extensions
    .toLowerCase()
    .split(/[\s,;]+/)
    .map((extension) => extension.replace(/^\*?\./, ''))
    .filter((extension) => extension !== '');
  if (allowed.length === 0) return;
  const extension = /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? '';
  if (!allowed.includes(extension))
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Not submitted: the file ${quote(name)} has ${extension === '' ? 'no extension' : `the extension ${quote(extension)}`}, which is not among the allowed ones (${oneLine(allowed.join(', '), 200)}). Add it to submit it`,
    );
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'iu');
  } catch {
    throw new VirusTotalError('VT_CONFIG', `Name pattern not valid: ${quote(text)} is no regular expression`);
  }
}

function urlOf(target: Exclude<SubmitTarget, FileTarget>): string | undefined {
  if (target.kind === 'url') return target.url;
  return target.indicator.type === 'url' ? target.indicator.value : undefined;
}

function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(url)?.[1] ?? 'no host';
}
