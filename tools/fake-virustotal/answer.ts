import type { Kind } from './finding';
import { type ReportCatalog, canonical } from './report-catalog';
import { mitreTrees } from './mitre-trees';
import type { ParsedRequest } from './api-request';
import { wellFormed } from './parsed-request';
import type { Quota } from './quota';
import { V2_INVALID_IP, V2_INVALID_RESOURCE, v2Body, v2SubmittedUrl } from './v2-bodies';
import { type Answer, invalidArgument, notFound, v3Error } from './v3-errors';
import { objectId, v3Body } from './v3-objects';

export type { Answer };

export function deniedAnswer(parsed: ParsedRequest): Answer {
  if (parsed.api === 'v2') return { status: 403, json: undefined };
  return parsed.key === undefined
    ? v3Error(401, 'AuthenticationRequiredError', 'X-Apikey header is missing')
    : v3Error(401, 'WrongCredentialsError', 'Wrong API key');
}

/** Neither API says which of the quotas is spent, or for how long. */
export function refusedAnswer(parsed: ParsedRequest): Answer {
  if (parsed.api === 'v2') return { status: 204, json: undefined };
  return v3Error(429, 'QuotaExceededError', 'Quota exceeded');
}

export function quotasAnswer(parsed: ParsedRequest, quota: Quota): Answer {
  if (parsed.indicators[0] !== parsed.key) return notFound('User not found');
  const { perWindow, windowMs = 60_000, daily, monthly } = quota.options;
  const used = quota.used();
  const unlimited = 1_000_000_000;
  // There is no entry for the minute: four a minute show as 240 an hour.
  const hourly = perWindow === undefined ? unlimited : Math.floor((perWindow * 3_600_000) / windowMs);
  return {
    status: 200,
    json: {
      data: {
        api_requests_hourly: { user: { used: used.hourly, allowed: hourly } },
        api_requests_daily: { user: { used: used.daily, allowed: daily ?? unlimited } },
        api_requests_monthly: { user: { used: used.monthly, allowed: monthly ?? unlimited } },
        intelligence_searches_monthly: { user: { used: 0, allowed: 0 } },
      },
    },
  };
}

/** `gti`: the key is one of Google Threat Intelligence. */
export function reportAnswer(parsed: ParsedRequest, catalog: ReportCatalog, gti = false): Answer {
  if (parsed.what === 'nothing') return parsed.api === 'v2' ? { status: 404, json: undefined } : notFound();
  if (parsed.indicators.length === 0) return { status: 400, json: undefined };
  if (parsed.api === 'v3') return v3Answer(parsed, parsed.indicators[0] ?? '', catalog, gti && parsed.tool);
  const bodies = parsed.indicators.map((indicator) => v2Report(parsed, indicator, catalog));
  // One resource gives an object, two or more a list.
  return { status: 200, json: bodies.length === 1 ? bodies[0] : bodies };
}

function v2Report(
  { kind, scan }: ParsedRequest,
  indicator: string,
  catalog: ReportCatalog,
): Record<string, unknown> {
  // v2 knows no IPv6.
  if (kind === 'ip' && (!wellFormed('ip', indicator) || indicator.includes(':'))) return V2_INVALID_IP;
  if (kind === 'domain' && !wellFormed('domain', indicator))
    return { response_code: 0, verbose_msg: 'Domain not found' };
  if (!wellFormed(kind, indicator))
    return { response_code: 0, resource: indicator, verbose_msg: V2_INVALID_RESOURCE };
  const { identity, finding } = catalog.find(kind, indicator);
  if (kind === 'url' && scan && finding.state === 'unknown') return v2SubmittedUrl(indicator, finding);
  const body = v2Body(kind, identity, finding);
  return 'resource' in body ? { ...body, resource: indicator } : body;
}

function v3Answer(parsed: ParsedRequest, indicator: string, catalog: ReportCatalog, gti: boolean): Answer {
  const { kind } = parsed;
  const refused = refusedIndicator(kind, indicator, catalog);
  if (refused) return refused;
  const { identity, finding } = catalog.find(kind, indicator);
  if (parsed.what === 'mitre') return { status: 200, json: mitreTrees(objectId('file', identity), finding) };
  return { status: 200, json: v3Body(kind, kind === 'file' ? identity : canonical(indicator), finding, gti) };
}

/** What v3 answers for an indicator of which it has no object; undefined when it has one. */
export function refusedIndicator(kind: Kind, indicator: string, catalog: ReportCatalog): Answer | undefined {
  if (!wellFormed(kind, indicator)) {
    // The id of no URL is not refused, but not found.
    return kind === 'url' ? notFound(`URL "${indicator}" not found`) : malformed(kind, indicator);
  }
  const { state } = catalog.find(kind, indicator).finding;
  if (state === 'refused') return malformed(kind === 'file' ? 'url' : kind, indicator);
  return state === 'unknown' ? notFound(`${LABEL[kind]} "${indicator}" not found`) : undefined;
}

const LABEL: Readonly<Record<Kind, string>> = {
  file: 'File',
  url: 'URL',
  domain: 'Domain',
  ip: 'IP address',
};

function malformed(kind: Kind, indicator: string): Answer {
  // A malformed hash is a 404 as well; the others are arguments that VirusTotal does not take.
  if (kind === 'file') return notFound();
  if (kind === 'url') return invalidArgument('Unable to canonicalize url');
  const noun = kind === 'ip' ? 'IP address' : 'domain pattern';
  return invalidArgument(`${LABEL[kind]} "${indicator}" is not a valid ${noun}`);
}
