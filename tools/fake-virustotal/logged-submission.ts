import type { LoggedSubmission } from './request-log';
import type { Submittal } from './submission-answer';
import type { WrittenBody } from './written-body';

/** What the log says of a submission; undefined when the request submits nothing. */
export function loggedSubmission(
  submittal: Submittal,
  body: WrittenBody,
  isPrivate: boolean,
): LoggedSubmission | undefined {
  const common = { private: isPrivate, taken: false };
  if (body.kind === 'upload' && body.upload.file) {
    const { name, size, sha256 } = body.upload.file;
    return { kind: 'file', ...common, name, size, sha256, fields: body.upload.fields };
  }
  if (body.kind !== 'text' || !('url' in submittal)) return undefined;
  const { url = '', ...fields } = Object.fromEntries(new URLSearchParams(body.text));
  return { kind: 'url', ...common, url, fields };
}
