import { quote, VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import type { VirusTotalService } from '../lookup/service';
import type { ActOptions } from './options';
import { communitySpec } from './requests';

/** A verdict for VirusTotal's community, published under the name of the key's user. */
export type VoteVerdict = 'harmless' | 'malicious';

/** A comment or a vote that VirusTotal has. */
export interface ActResult {
  /** Always true: what failed rejects. */
  done: true;
  /** It was there before: VirusTotal answered 409. */
  already: boolean;
  /** VirusTotal's id of the comment or vote, when it said one. */
  id?: string;
}

/** The longest comment that is sent, in characters. */
const MAX_COMMENT_CHARS = 10_000;

const NOT_AGAIN = 'It may have arrived all the same and is not sent again';

/**
 * Writes a comment, in public and under the name of the key's user; words with # become tags.
 * @throws VirusTotalError in the promise; `VT_INVALID_IOC` for an indicator that may not be sent or an empty text, `VT_CONFIG` with API v2
 */
export async function commentOn(
  service: VirusTotalService,
  indicator: Indicator,
  text: string,
  options: ActOptions = {},
): Promise<ActResult> {
  if (typeof text !== 'string' || text.trim() === '')
    throw new VirusTotalError('VT_INVALID_IOC', `Not commented: the text is empty (${quote(text)})`);
  if (text.length > MAX_COMMENT_CHARS)
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Not commented: the text has ${text.length} characters, and ${MAX_COMMENT_CHARS} are the most`,
    );
  return add(service, indicator, { said: { text }, options });
}

/**
 * Votes, in public and under the name of the key's user.
 * @throws VirusTotalError in the promise; `VT_INVALID_IOC` for an indicator that may not be sent or another verdict, `VT_CONFIG` with API v2
 */
export async function voteOn(
  service: VirusTotalService,
  indicator: Indicator,
  verdict: VoteVerdict,
  options: ActOptions = {},
): Promise<ActResult> {
  const given: string = verdict;
  if (given !== 'harmless' && given !== 'malicious')
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Not voted: the verdict is ${quote(given)}; it must be harmless or malicious`,
    );
  return add(service, indicator, { said: { verdict }, options });
}

async function add(
  service: VirusTotalService,
  given: Indicator,
  { said, options }: { said: Parameters<typeof communitySpec>[1]; options: ActOptions },
): Promise<ActResult> {
  if (service.apiVersion === 'v2')
    throw new VirusTotalError(
      'VT_CONFIG',
      'API v3 needed: nothing is commented or voted with API v2. Choose v3 in the VirusTotal config',
    );
  const indicator = service.filter.sendable(given);
  const { priority, owner, batch, signal, beforeSend, onLeave } = options;
  await beforeSend?.();
  try {
    const added = await service.fetch(communitySpec(indicator, said, onLeave), {
      priority,
      owner,
      batch,
      signal,
    });
    return { done: true, ...added };
  } catch (error) {
    if (!(error instanceof VirusTotalError) || error.mayHaveArrived !== true) throw error;
    throw new VirusTotalError(error.code, [error.message, NOT_AGAIN].join('. '), {
      ...(error.status === undefined ? {} : { status: error.status }),
      retryable: false,
      mayHaveArrived: true,
    });
  }
}
