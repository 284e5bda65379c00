import { VirusTotalError } from '../errors';
import type { VirusTotalApi, ApiRequest } from '../api/client';
import type { RequestSpec } from '../lookup/in-flight-request';
import { readStreamPage, type StreamPage } from './stream-page';

/** A page of the IoC stream, by its query. Neither stored nor shared. */
export class StreamRequest implements RequestSpec<StreamPage> {
  readonly key: string;
  readonly indicator = undefined;
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
    this.key = `ioc-stream:${query}`;
  }

  /** @throws VirusTotalError `VT_CONFIG` with API v2 */
  of(api: VirusTotalApi): ApiRequest<StreamPage> {
    if (api.apiVersion === 'v2')
      throw new VirusTotalError(
        'VT_CONFIG',
        'API v3 needed: v2 has no IoC stream. Choose v3 in the VirusTotal config',
      );
    return {
      path: `ioc_stream?${this.#query}`,
      read: (response) => {
        if (response.status === 404)
          throw new VirusTotalError(
            'VT_REQUEST',
            'No IoC stream: VirusTotal answers 404 to /ioc_stream. Check the API URL of the config',
            { status: 404 },
          );
        return readStreamPage(api.json(response));
      },
      forbidden:
        'Not allowed: the IoC stream takes a key of Google Threat Intelligence (or of VirusTotal with Livehunt), and this API key has no such privilege. ' +
        'Use such a key in the config, or leave the filter of the IoC stream empty',
    };
  }

  shared(): undefined {}

  copy(page: StreamPage): StreamPage {
    return structuredClone(page);
  }
}
