import { VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import { analysisState, type AnalysisState } from '../report/analysis-state';
import { reportFromPrivate } from '../report/from-private';
import { isObject, own, ReportShapeError } from '../report/narrow';
import type { VirusTotalApi } from './client';
import type { ApiRequest, ApiResponse, ReportResponse } from './request';
import { formBody, jsonBody, multipartBody, type FileContent } from './request-body';
import { v3Path } from './v3';

/** From this size on a file goes to an address of its own: VirusTotal's limit of 32 MB is one of the whole request. */
export const MAX_DIRECT_BYTES = 32_000_000;

/** A file to upload. */
export interface Upload extends FileContent {
  /** As VirusTotal is to show it. */
  name: string;
  /** Of a ZIP archive. */
  password?: string | undefined;
  /** The address for a large one, as `uploadUrlRequest` returned it. */
  uploadUrl?: string | undefined;
  /** Gets the bytes that have left. Must not throw. */
  onSent?: ((sent: number, length: number) => void) | undefined;
}

/** Either public, or in private scanning, which takes a license of its own. */
export interface Privacy {
  private: boolean;
}

/** What VirusTotal answered to a submission: the id of the analysis, or a word for why there is none. */
export type Submitted = { analysisId: string } | { analysisId?: undefined; is: 'known already' | 'unknown' };

const NO_LICENSE = 'Not allowed: the API key has no license for private scanning';

/** @throws VirusTotalError `VT_CONFIG` with API v2 */
function needV3(api: VirusTotalApi): void {
  if (api.apiVersion === 'v2')
    throw new VirusTotalError(
      'VT_CONFIG',
      'API v3 needed: nothing is submitted, commented or voted with API v2. Choose v3 in the VirusTotal config',
    );
}

/** Has VirusTotal visit and scan a URL. @throws VirusTotalError `VT_CONFIG` with API v2 */
export function submitUrlRequest(api: VirusTotalApi, url: string, privacy: Privacy): ApiRequest<Submitted> {
  return submission(api, privacy, { path: 'urls', body: () => formBody({ url }) });
}

/** Has VirusTotal scan a file. @throws VirusTotalError `VT_CONFIG` with API v2 */
export function submitFileRequest(api: VirusTotalApi, file: Upload, privacy: Privacy): ApiRequest<Submitted> {
  const { uploadUrl, onSent, password } = file;
  const body = () => multipartBody(file, password === undefined || password === '' ? {} : { password });
  return submission(api, privacy, { path: 'files', body, uploadUrl, onSent, secret: password });
}

/** Has VirusTotal scan again what it knows. @throws VirusTotalError `VT_CONFIG` with API v2 */
export function rescanRequest(
  api: VirusTotalApi,
  indicator: Indicator,
  privacy: Privacy,
): ApiRequest<Submitted> {
  return submission(api, privacy, { path: `${v3Path(indicator)}/analyse` });
}

function submission(
  api: VirusTotalApi,
  privacy: Privacy,
  request: Pick<ApiRequest<Submitted>, 'path' | 'body' | 'uploadUrl' | 'onSent' | 'secret'>,
): ApiRequest<Submitted> {
  needV3(api);
  return {
    ...request,
    path: placed(request.path, privacy),
    method: 'POST',
    accepts: [409],
    forbidden: privacy.private ? NO_LICENSE : 'Not allowed: the API key may not submit this',
    read: (response) => readSubmitted(api, response),
  };
}

function readSubmitted(api: VirusTotalApi, response: ApiResponse): Submitted {
  if (response.status === 409) return { is: 'known already' };
  if (response.status === 404) return { is: 'unknown' };
  const body = api.json(response);
  const data = isObject(body) ? own(body, 'data') : undefined;
  const id = isObject(data) ? own(data, 'id') : undefined;
  // In 2019 it was a number. What it is made of has changed since: nothing is read into it.
  const analysisId = typeof id === 'number' ? String(id) : id;
  if (typeof analysisId !== 'string' || !/^[\w+/=:~-]{1,300}$/.test(analysisId))
    throw new VirusTotalError('VT_BAD_RESPONSE', 'Answer not readable: it has no id of an analysis', {
      status: response.status,
    });
  return { analysisId };
}

/** Where one large file may be sent, once. @throws VirusTotalError `VT_CONFIG` with API v2 */
export function uploadUrlRequest(api: VirusTotalApi, privacy: Privacy): ApiRequest<string> {
  needV3(api);
  return {
    path: placed('files/upload_url', privacy),
    ...(privacy.private ? { forbidden: NO_LICENSE } : {}),
    read: (response) => {
      const body = response.status === 404 ? undefined : api.json(response);
      const url = isObject(body) ? own(body, 'data') : undefined;
      if (typeof url !== 'string')
        throw new VirusTotalError('VT_BAD_RESPONSE', 'Answer not readable: it has no upload address', {
          status: response.status,
        });
      return url;
    },
  };
}

/** How far an analysis is; undefined where VirusTotal doesn't know its id (yet). */
export function analysisRequest(
  api: VirusTotalApi,
  analysisId: string,
  privacy: Privacy,
): ApiRequest<AnalysisState | undefined> {
  needV3(api);
  return {
    path: placed(`analyses/${encodeURIComponent(analysisId)}`, privacy),
    ...(privacy.private ? { forbidden: NO_LICENSE } : {}),
    read: (response) => {
      if (response.status === 404) return undefined;
      try {
        return analysisState(api.json(response));
      } catch (error) {
        if (!(error instanceof ReportShapeError)) throw error;
        throw new VirusTotalError('VT_BAD_RESPONSE', `Not an analysis: ${error.message}`, {
          status: response.status,
        });
      }
    },
  };
}

/** The report of what an analysis was of. */
export function analysisItemRequest(
  api: VirusTotalApi,
  analysisId: string,
  indicator: Indicator,
  privacy: Privacy,
): ApiRequest<ReportResponse> {
  needV3(api);
  return {
    path: placed(`analyses/${encodeURIComponent(analysisId)}/item`, privacy),
    ...(privacy.private ? { forbidden: NO_LICENSE } : {}),
    read: (response) => api.toReport(indicator, response, privacy.private ? reportFromPrivate : undefined),
  };
}

/** What private scanning has of a file (by SHA-256 alone) or URL. */
export function privateReportRequest(api: VirusTotalApi, indicator: Indicator): ApiRequest<ReportResponse> {
  needV3(api);
  return {
    path: placed(v3Path(indicator), { private: true }),
    forbidden: NO_LICENSE,
    read: (response) => api.toReport(indicator, response, reportFromPrivate),
  };
}

/** What was added to VirusTotal's community, or `undefined` where there is none of it: 409, as it was there before. */
export interface Added {
  already: boolean;
  id?: string;
}

/** A comment or a vote on an indicator. @throws VirusTotalError `VT_CONFIG` with API v2 */
export function communityRequest(
  api: VirusTotalApi,
  indicator: Indicator,
  said: { text: string } | { verdict: 'harmless' | 'malicious' },
): ApiRequest<Added> {
  needV3(api);
  const [type, folder] = 'text' in said ? ['comment', 'comments'] : ['vote', 'votes'];
  return {
    path: `${v3Path(indicator)}/${folder}`,
    method: 'POST',
    body: () => jsonBody({ data: { type, attributes: said } }),
    accepts: [409],
    forbidden: `Not allowed: the API key may not add a ${type}`,
    read: (response) => {
      if (response.status === 409) return { already: true };
      if (response.status === 404)
        throw new VirusTotalError(
          'VT_REQUEST',
          `Not known: VirusTotal has no ${indicator.type} ${indicator.value} for a ${type}`,
          { status: 404 },
        );
      const body = api.json(response);
      const data = isObject(body) ? own(body, 'data') : undefined;
      const id = isObject(data) ? own(data, 'id') : undefined;
      return typeof id === 'string' ? { already: false, id: id.slice(0, 300) } : { already: false };
    },
  };
}

function placed(path: string, privacy: Privacy): string {
  return privacy.private ? `private/${path}` : path;
}
