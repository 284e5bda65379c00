import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { NodeAPI } from 'node-red';
import { parsedUrl } from '../src/parsed-url';

/** Where the editor's dialogs put the token. */
const TOKEN_HEADER = 'x-virustotal-token';

/** Guards of the admin routes against pages of other sites that are open in the browser of somebody who uses Node-RED. */
export interface SameOrigin {
  /** For every route: no other site's script may read the answer. */
  unreadable: RequestHandler;
  /** For every POST: JSON, and no sign that it comes from another site. */
  guard: RequestHandler;
  /** Answers with the token, which only a page of this origin can read. */
  token: RequestHandler;
}

/**
 * JSON or a header of our own would be proof enough, were it not that Node-RED 4 lets every origin send both and read the answers
 * (`Access-Control-Allow-Origin: *` on the whole admin API). So what the browser itself says of the sender counts: `Sec-Fetch-Site`,
 * which it computes from its own view of the address and sends to https and localhost only, or else `Origin`, which it sends with
 * every POST. A request with neither comes from no page. Behind a reverse proxy that changes `Host` an `Origin` proves nothing, and
 * `X-Forwarded-Host` can be set by a script: there the token counts.
 */
export function sameOrigin(RED: NodeAPI): SameOrigin {
  const token = randomBytes(18).toString('base64url');
  const trusted = trustedOrigins(RED.settings);
  return {
    unreadable: (_req, res, next) => {
      res.removeHeader('Access-Control-Allow-Origin');
      next();
    },
    guard: (req, res, next) => {
      const refuse = (status: number, message: string): void =>
        void res.status(status).json({ error: { code: 'VT_REQUEST', message } });
      if (!req.is('application/json')) return refuse(415, 'Not JSON: the body must be application/json');
      const { origin, host, 'sec-fetch-site': site } = req.headers;
      const isOwn =
        req.headers[TOKEN_HEADER] === token ||
        (origin !== undefined && trusted.includes(origin)) ||
        (site === undefined ? origin === undefined || hostOf(origin) === host : site === 'same-origin');
      if (isOwn) next();
      else
        refuse(
          403,
          `Another site: only Node-RED's own pages may do this, and the request comes from ${origin ?? site}`,
        );
    },
    token: (_req, res) => {
      res.set({ 'Cache-Control': 'no-store', 'Cross-Origin-Resource-Policy': 'same-origin' });
      res.json({ token });
    },
  };
}

function hostOf(origin: string): string | undefined {
  return parsedUrl(origin)?.host;
}

/** The origins that the administrator lists in `httpAdminCors`; "*" lists none. */
function trustedOrigins(settings: NodeAPI['settings']): string[] {
  const { httpAdminCors } = settings as { httpAdminCors?: { origin?: unknown } };
  const named = [httpAdminCors?.origin].flat();
  return named.filter((origin): origin is string => typeof origin === 'string' && origin !== '*');
}
