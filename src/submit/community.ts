import { VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import type { VirusTotalService } from '../lookup/service';
import type { ActOptions } from './options';

/** A verdict for VirusTotal's community, published under the name of the key's user. */
export type VoteVerdict = 'harmless' | 'malicious';

/** A comment or a vote that VirusTotal has. */
export interface ActResult {
  done: true;
  /** It was there before: VirusTotal answered 409. */
  already: boolean;
  /** VirusTotal's id of the comment or vote, when it said one. */
  id?: string;
}

/**
 * Writes a comment, in public and under the name of the key's user; words with # become tags.
 * @throws VirusTotalError in the promise; `VT_INVALID_IOC` for an indicator that may not be sent or an empty text, `VT_CONFIG` with API v2
 */
export function commentOn(
  _service: VirusTotalService,
  _indicator: Indicator,
  _text: string,
  _options: ActOptions = {},
): Promise<ActResult> {
  return Promise.reject(new VirusTotalError('VT_CONFIG', 'Not available: comments'));
}

/**
 * Votes, in public and under the name of the key's user.
 * @throws VirusTotalError in the promise; `VT_INVALID_IOC` for an indicator that may not be sent or another verdict, `VT_CONFIG` with API v2
 */
export function voteOn(
  _service: VirusTotalService,
  _indicator: Indicator,
  _verdict: VoteVerdict,
  _options: ActOptions = {},
): Promise<ActResult> {
  return Promise.reject(new VirusTotalError('VT_CONFIG', 'Not available: votes'));
}
