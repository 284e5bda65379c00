import type { ClientErrors } from './client-errors';
import type { HttpRequest } from './http-call';
import type { ApiVersion } from './options';
import { resolveOwn, resolvePath } from './redirect';
import type { Redactor } from './redact';
import type { ApiRequest } from './request';
import { uploadPlace } from './upload-url';
import { withoutV2Key, withV2Key } from './v2';

/** VirusTotal's front end serves gzip only to a user agent that says so. */
const USER_AGENT = '@nr-threat-intel/node-red-virustotal (gzip)';

/** Who asks, for VirusTotal's own statistics of the tools that use it. */
const TOOL = 'node-red-virustotal';

/** What places are made of. */
export interface RequestPlacesParts {
  apiVersion: ApiVersion;
  apiKey: string;
  base: URL;
  redactor: Redactor;
  errors: ClientErrors;
}

/** Where requests go: the key goes along, and to no other origin than the API's. */
export class RequestPlaces {
  readonly #apiVersion: ApiVersion;
  readonly #apiKey: string;
  readonly #base: URL;
  readonly #redactor: Redactor;
  readonly #errors: ClientErrors;
  readonly #headers: Record<string, string>;

  constructor({ apiVersion, apiKey, base, redactor, errors }: RequestPlacesParts) {
    this.#apiVersion = apiVersion;
    this.#apiKey = apiKey;
    this.#base = base;
    this.#redactor = redactor;
    this.#errors = errors;
    this.#headers = {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': USER_AGENT,
      'x-tool': TOOL,
    };
    if (apiVersion === 'v3') this.#headers['x-apikey'] = apiKey;
  }

  /** Where a request goes, with the headers for there. @throws VirusTotalError to another origin */
  place(request: ApiRequest<unknown>, redirect: string | undefined): HttpRequest {
    const { method = 'GET' } = request;
    const body = request.body?.();
    if (request.uploadUrl !== undefined) {
      const upload = uploadPlace(this.#base, request.uploadUrl);
      if ('refused' in upload) throw this.#errors.uploadRefused(upload.refused);
      const { 'x-apikey': _key, ...bare } = this.#headers;
      const { origin, path } = upload;
      return { origin, path, method, body, headers: upload.withKey ? this.#headers : bare };
    }
    const place =
      redirect === undefined ? resolveOwn(this.#base, request.path) : resolvePath(this.#base, redirect);
    if ('crossOrigin' in place) throw this.#errors.crossOrigin(place.crossOrigin);
    const path = this.#apiVersion === 'v2' ? withV2Key(place.path, this.#apiKey) : place.path;
    return { origin: this.#base.origin, path, method, body, headers: this.#headers };
  }

  /** Where a redirect leads, as `RequestOptions.redirect` has it. @throws VirusTotalError to another origin */
  redirect(from: string, location: string, status: number): string {
    const target = resolvePath(new URL(this.#base.origin + from), location);
    if ('crossOrigin' in target) throw this.#errors.crossOrigin(target.crossOrigin, status);
    // The key is added again when the path is requested.
    return this.#redactor.redact(withoutV2Key(target.path));
  }
}
