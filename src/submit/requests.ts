import type { VirusTotalApi } from '../api/client';
import type { ApiRequest } from '../api/request';
import {
  analysisItemRequest,
  analysisRequest,
  communityRequest,
  privateReportRequest,
  rescanRequest,
  submitFileRequest,
  submitUrlRequest,
  uploadUrlRequest,
  type Added,
  type Privacy,
  type Submitted,
} from '../api/submission-requests';
import type { Indicator } from '../ioc/ioc';
import type { RequestBackend, RequestSpec } from '../lookup/in-flight-request';
import type { LookupResult, SharedLookup } from '../lookup/report-repository';
import type { AnalysisState } from '../report/analysis-state';
import { copyReport } from '../report/copy';
import { piecesOf } from './file-pieces';
import type { FileTarget } from './target';

/** What differs from one kind of request to the next. */
interface Parts<T> {
  key: string;
  indicator: Indicator;
  of: (api: VirusTotalApi) => ApiRequest<T>;
  shared?: (backend: RequestBackend) => SharedLookup<T> | undefined;
  copy?: (answer: T) => T;
  once?: boolean;
}

/** Few of these wait at a time: one for each submission. */
function spec<T>({
  shared = () => undefined,
  copy = (answer) => answer,
  ...parts
}: Parts<T>): RequestSpec<T> {
  return { ...parts, shared, copy };
}

/** By which two submissions of the same thing are recognized. */
export function submissionKey(indicator: Indicator, privacy: Privacy): string {
  return `${privacy.private ? 'private ' : ''}${indicator.type}:${indicator.value}`;
}

/** What a submission sends: the thing itself, or that VirusTotal is to scan it again. */
export type Sendable =
  { kind: 'url'; url: string } | { kind: 'rescan' } | { kind: 'file'; file: FileTarget; uploadUrl?: string };

/** Callbacks while something is sent. Neither may throw. */
export interface SendObserver {
  /** From here on it may arrive. */
  leaves(): void;
  /** Of the body, in bytes. */
  sent(sent: number, length: number): void;
}

/** The one request of a submission that is never repeated once it may have arrived. */
export function submitSpec(
  indicator: Indicator,
  sendable: Sendable,
  privacy: Privacy,
  observer: SendObserver,
): RequestSpec<Submitted> {
  const request = (api: VirusTotalApi): ApiRequest<Submitted> => {
    switch (sendable.kind) {
      case 'url':
        return submitUrlRequest(api, sendable.url, privacy);
      case 'rescan':
        return rescanRequest(api, indicator, privacy);
      case 'file': {
        const { file, uploadUrl } = sendable;
        const { size, password, name = '' } = file;
        return submitFileRequest(
          api,
          {
            size,
            password,
            uploadUrl,
            name: name === '' ? file.sha256 : name,
            pieces: () => piecesOf(file),
            onSent: (sent, length) => observer.sent(sent, length),
          },
          privacy,
        );
      }
    }
  };
  return spec({
    key: `submit ${submissionKey(indicator, privacy)}`,
    indicator,
    once: sendable.kind === 'file' && sendable.uploadUrl !== undefined,
    of: (api) => {
      const made = request(api);
      observer.leaves();
      return made;
    },
  });
}

/** Where a large file goes. Each answer is for one upload. */
export function uploadUrlSpec(indicator: Indicator, privacy: Privacy): RequestSpec<string> {
  return spec({
    key: `upload-url ${submissionKey(indicator, privacy)}`,
    indicator,
    of: (api) => uploadUrlRequest(api, privacy),
  });
}

/** What a poll comes back with: how far the analysis is, or the report of what it is of. */
export type Polled = { state: AnalysisState | undefined } | { item: LookupResult };

/** An analysis, as polls and the end of the wait ask for it. */
export interface AnalysisOf {
  analysisId: string;
  indicator: Indicator;
  privacy: Privacy;
}

/** @param asksItem decided when the request leaves: whether it asks for the report at once */
export function pollSpec(analysis: AnalysisOf, asksItem: () => boolean): RequestSpec<Polled> {
  const { analysisId, indicator, privacy } = analysis;
  return spec<Polled>({
    key: `analysis ${analysisId}`,
    indicator,
    of: (api) => {
      if (asksItem()) {
        const { read, ...rest } = analysisItemRequest(api, analysisId, indicator, privacy);
        return { ...rest, read: (response) => ({ item: { ...read(response), cached: false } }) };
      }
      const { read, ...rest } = analysisRequest(api, analysisId, privacy);
      return { ...rest, read: (response) => ({ state: read(response) }) };
    },
    shared: ({ reports }) =>
      privacy.private || reports === undefined ? undefined : itemOf(reports.storeOf(indicator)),
    copy: (polled) => ('item' in polled ? { item: copyResult(polled.item) } : polled),
  });
}

/** Keeps the report of a poll that has one. */
function itemOf(store: SharedLookup<LookupResult>): SharedLookup<Polled> {
  return {
    lease: undefined,
    peek: () => undefined,
    read: () => undefined,
    waitForPeer: () => Promise.resolve(undefined),
    write: (polled) => {
      if ('item' in polled && hasVerdict(polled.item)) store.write(polled.item);
    },
    release: () => undefined,
  };
}

/** Whether engines have answered: a submitted file or URL has no verdict before its first analysis is completed. */
export function hasVerdict({ report }: LookupResult): boolean {
  return report.response_code === 1 && report.positives !== undefined;
}

/** The report after the analysis. It takes the place of what is cached, for all instances; a private one is kept nowhere. */
export function itemSpec({ analysisId, indicator, privacy }: AnalysisOf): RequestSpec<LookupResult> {
  return spec({
    key: `item ${analysisId}`,
    indicator,
    of: (api) => {
      const { read, ...rest } = analysisItemRequest(api, analysisId, indicator, privacy);
      return { ...rest, read: (response) => ({ ...read(response), cached: false }) };
    },
    shared: ({ reports }) => (privacy.private ? undefined : reports?.storeOf(indicator)),
    copy: copyResult,
  });
}

/** What private scanning has of it. */
export function privateReportSpec(indicator: Indicator): RequestSpec<LookupResult> {
  return spec({
    key: `report ${submissionKey(indicator, { private: true })}`,
    indicator,
    of: (api) => {
      const { read, ...rest } = privateReportRequest(api, indicator);
      return { ...rest, read: (response) => ({ ...read(response), cached: false }) };
    },
    copy: copyResult,
  });
}

/** A comment or a vote. @param onLeave called just before it leaves */
export function communitySpec(
  indicator: Indicator,
  said: { text: string } | { verdict: 'harmless' | 'malicious' },
  onLeave: () => void = () => undefined,
): RequestSpec<Added> {
  return spec({
    key: `${'text' in said ? `comment ${said.text}` : `vote ${said.verdict}`} ${submissionKey(indicator, { private: false })}`,
    indicator,
    of: (api) => {
      const made = communityRequest(api, indicator, said);
      onLeave();
      return made;
    },
    copy: (answer) => ({ ...answer }),
  });
}

function copyResult(result: LookupResult): LookupResult {
  return { ...result, report: copyReport(result.report) };
}
