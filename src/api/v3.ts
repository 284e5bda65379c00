import type { Indicator } from '../ioc/ioc';

/** Path of a report, relative to the base URL. */
export function v3Path({ type, value }: Indicator): string {
  switch (type) {
    case 'file':
      return `files/${segment(value)}`;
    case 'url':
      return `urls/${urlId(value)}`;
    case 'domain':
      return `domains/${segment(value)}`;
    case 'ip':
      return `ip_addresses/${segment(value)}`;
  }
}

/**
 * URL-safe base64 without padding: plain base64 has `/`, which would split the path. VirusTotal makes the URL canonical
 * itself, so its other identifier (the SHA-256 of the canonical URL) is never computed here.
 */
function urlId(url: string): string {
  return Buffer.from(url, 'utf8').toString('base64url');
}

/** The path of the MITRE ATT&CK techniques that sandboxes observed for a file, relative to the base URL. */
export function mitreTreesPath(sha256: string): string {
  return `files/${segment(sha256)}/behaviour_mitre_trees`;
}

/** The user may be named by the API key itself. */
export function overallQuotasPath(apiKey: string): string {
  return `users/${segment(apiKey)}/overall_quotas`;
}

function segment(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}
