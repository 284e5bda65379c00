import { VirusTotalApi } from '../api/client';
import { VirusTotalError } from '../errors';
import type { QuotaUsage } from '../api/quota-usage';
import { defaultRegistry } from './key-registry';
import { resolveOptions, type HostOptions } from './options';

/** Where v3 is, for a base URL that ends as VirusTotal's own v2. The same key works for both. */
const V2_PATH = /\/vtapi\/v2\/*$/;

/**
 * Asks VirusTotal whether it takes a key, as a person does by pressing a button. Costs no quota; only a v2 service at an address
 * of its own, which has no page for that, is asked for one report. When the key is taken, earlier blocks no longer count.
 * @returns what is used and allowed; undefined when the key is taken but may not know
 * @throws VirusTotalError with any code
 */
export async function verifyApiKey(options: HostOptions): Promise<QuotaUsage | undefined> {
  const resolved = resolveOptions(options);
  const { apiKey, apiVersion, apiUrl, keyRegistry = defaultRegistry } = resolved;
  const v3Url = apiVersion === 'v3' || !apiUrl ? apiUrl : apiUrl.replace(V2_PATH, '/api/v3/');
  const onlyV2 = apiVersion === 'v2' && !!apiUrl && v3Url === apiUrl;
  const api = new VirusTotalApi({
    ...resolved,
    apiVersion: onlyV2 ? 'v2' : 'v3',
    apiUrl: v3Url ?? '',
  });
  try {
    if (onlyV2 && 'redirect' in (await api.getReport({ type: 'domain', value: 'virustotal.com' })))
      throw new VirusTotalError(
        'VT_BAD_RESPONSE',
        `Redirect refused: ${apiUrl} redirects instead of answering. Is it the API's address?`,
      );
    const figures = await api.overallQuotas();
    // Only now: a key that isn't taken needs no scheduler.
    const scheduler = keyRegistry.scheduler(apiKey);
    if (figures) await scheduler.reconcileWith(() => Promise.resolve(figures));
    scheduler.resetBlock();
    return figures;
  } finally {
    await api.close();
  }
}
