import { USER } from './community';
import type { ParsedRequest } from './api-request';
import type { VirusTotalState } from './state';
import { type Answer, invalidArgument, v3Error } from './v3-errors';

/** Writes a comment or a vote about something that VirusTotal has. */
export function communityAnswer(
  { what, kind }: ParsedRequest,
  identity: string,
  text: string,
  state: VirusTotalState,
): Answer {
  const attributes = attributesOf(text, what === 'comment' ? 'comment' : 'vote');
  if (!attributes)
    return v3Error(400, 'BadRequestError', `The body is no JSON with data of the type "${what}"`);
  if (what === 'comment') {
    const { text: words } = attributes;
    if (typeof words !== 'string' || words.trim() === '') return invalidArgument('A comment needs a text');
    const comment = state.community.comment(kind, identity, words);
    if (!comment) return v3Error(409, 'AlreadyExistsError', 'The same comment was posted already');
    return { status: 200, json: { data: comment } };
  }
  const { verdict } = attributes;
  if (verdict !== 'harmless' && verdict !== 'malicious')
    return invalidArgument('A verdict is "harmless" or "malicious"');
  const vote = state.community.vote(kind, identity, verdict);
  if (typeof vote !== 'string') return { status: 200, json: { data: vote } };
  const noun = { file: 'file', url: 'URL', domain: 'domain', ip: 'IP address' }[kind];
  return v3Error(409, 'AlreadyExistsError', `User "${USER}" already voted "${vote}" for this ${noun}`);
}

function attributesOf(text: string, type: string): Record<string, unknown> | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: { type?: unknown; attributes?: unknown } };
    if (data?.type !== type || typeof data.attributes !== 'object' || data.attributes === null)
      return undefined;
    return data.attributes as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
