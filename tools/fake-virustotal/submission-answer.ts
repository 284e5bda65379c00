import { submittedBody } from './analysis-body';
import type { ParsedRequest } from './api-request';
import type { VirusTotalState } from './state';
import type { ReceivedFile } from './upload-reader';
import { type Answer, forbidden, invalidArgument, notFound, v3Error } from './v3-errors';
import { canonicalUrl } from './v3-objects';
import type { WrittenBody } from './written-body';

/** What a request submits, or the answer to one that submits nothing. */
export type Submittal = { url: string } | { file: ReceivedFile } | Answer;

/** Reads the URL or the file from the body, as VirusTotal takes them. */
export function submittalOf(parsed: ParsedRequest, body: WrittenBody, state: VirusTotalState): Submittal {
  if (parsed.private && !state.privileges.has('private-scanning')) return forbidden();
  if (body.kind === 'too-large') return { status: 413, json: undefined };
  if (body.kind === 'upload') {
    const { file, fields } = body.upload;
    if (!file) return v3Error(400, 'BadRequestError', 'The form has no part "file"');
    if (fields['password'] !== undefined && !file.zip)
      return invalidArgument('A password is only for a ZIP file');
    return { file };
  }
  if (body.kind !== 'text') return v3Error(400, 'BadRequestError', 'The multipart form cannot be read');
  const form = /^application\/x-www-form-urlencoded\b/i.test(body.contentType);
  const url = form ? new URLSearchParams(body.text).get('url') : undefined;
  if (!url) return v3Error(400, 'BadRequestError', 'The form has no field "url"');
  const canonical = submittedUrl(url);
  if (canonical === undefined) return invalidArgument('Unable to canonicalize url');
  // VirusTotal's own pages are protected.
  if (/(^|\.)virustotal\.com$/.test(new URL(canonical).hostname) && !parsed.private) return forbidden();
  return { url: canonical };
}

/** Starts the analysis. */
export function submitAnswer(
  parsed: ParsedRequest,
  submittal: Submittal,
  { analyses }: VirusTotalState,
): Answer {
  if ('status' in submittal) return submittal;
  const analysis =
    'url' in submittal
      ? analyses.start({ kind: 'url', indicator: submittal.url, private: parsed.private })
      : analyses.start({
          kind: 'file',
          indicator: submittal.file.sha256,
          private: parsed.private,
          file: submittal.file,
        });
  return { status: 200, json: submittedBody(analysis) };
}

/** Analyzes again what VirusTotal has. */
export function reanalyzeAnswer(parsed: ParsedRequest, state: VirusTotalState): Answer {
  const { kind, indicators } = parsed;
  const indicator = indicators[0] ?? '';
  if (parsed.private) {
    if (!state.privileges.has('private-scanning')) return forbidden();
    const before = state.analyses.privateObject(kind, indicator);
    if (!before) return notFound();
    const { file } = before;
    const again = { kind: before.kind, indicator: before.indicator, private: true };
    return { status: 200, json: submittedBody(state.analyses.start(file ? { ...again, file } : again)) };
  }
  const { identity } = state.catalog.find(kind, indicator);
  return {
    status: 200,
    json: submittedBody(state.analyses.start({ kind, indicator: identity, private: false })),
  };
}

/** Without a scheme VirusTotal takes http. */
function submittedUrl(text: string): string | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`;
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname } = new URL(url);
  // A host needs a dot, or to be an address.
  if (!/^(https?|ftp):$/.test(protocol) || !/[.:]/.test(hostname)) return undefined;
  return canonicalUrl(url);
}
