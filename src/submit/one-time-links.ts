import { parsedUrl } from '../parsed-url';

/** Parameters that grant access, or that work once. Compared without case, `_` and `-`. */
const SECRET_PARAMETERS = new Set(
  (
    'token accesstoken authtoken idtoken refreshtoken sessiontoken securitytoken csrftoken xsrftoken usertoken logintoken resettoken invitetoken ' +
    'inviteid invitation invitecode verificationtoken verificationcode confirmationtoken confirmationcode activationkey activationcode ' +
    'resetkey resetcode passwordreset otp otc onetimecode magic magiclink magictoken ticket sso samlrequest samlresponse relaystate oobcode ' +
    'signature sig sign xamzsignature xamzsecuritytoken xamzcredential xgoogsignature xgoogcredential awsaccesskeyid googleaccessid ' +
    'keypairid policy hmac jwt bearer auth authkey authorization apikey accesskey secretkey clientsecret secret password passwd pwd pass ' +
    'session sessionid sessid phpsessid jsessionid sid authsig unsubscribe unsub unsubscribetoken optout sharetoken sharekey ' +
    'resourcekey guestaccesstoken tempauth prooftoken'
  ).split(' '),
);

/** In the address to which a login returns these hold a token, and in a shop the number of a product: only a long value counts. */
const LONG_VALUE_PARAMETERS = new Set(
  'code key hash state nonce invite reset verify confirm activate id_token k t'.split(' '),
);
const LONG = /^(?=[^a-z]*[a-z])(?=\D*\d)[\w.~+/=-]{20,}$/i;

const JWT = /(?:^|[^\w-])eyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*/;

/** Steps of a path that do something for whoever calls it, when an id follows them. */
const ACTIONS =
  /^(?:(?:reset|forgot|change|set|new)[-_]?(?:password|passwd|pwd)|password[-_]?(?:reset|change|recovery)|passwordreset|reset|unsubscribe|unsub|opt[-_]?out|list[-_]?unsubscribe|invite|invites|invitation|invitations|verify|verification|verify[-_]?email|email[-_]?verification|confirm|confirmation|confirm[-_]?email|activate|activation|magic|magic[-_]?link|one[-_]?time|onetime|sso|token|oauth2?|recover|recovery|accept[-_]?invite|accept[-_]?invitation)$/i;

/** Those among them that tell enough without an id. */
const ACTIONS_ALONE =
  /^(?:unsubscribe|unsub|opt[-_]?out|list[-_]?unsubscribe|(?:reset|forgot|change|set|new)[-_]?(?:password|passwd|pwd)|password[-_]?(?:reset|change|recovery)|passwordreset|magic[-_]?link|accept[-_]?invite|accept[-_]?invitation)$/i;

/** Long and mixed: an id that can't be guessed. */
const OPAQUE = /^(?=.*\d)[\w.~=-]{16,}$/;

/**
 * Why a URL must not be visited by a stranger: whoever has it gets in, or it works once. The reason goes after "the URL has", and tells nothing of the
 * secret. Undefined: nothing of the kind is seen.
 */
export function oneTimeReason(text: string): string | undefined {
  const url = parsedUrl(text);
  if (url === undefined) return undefined;
  if (url.username !== '' || url.password !== '') return 'a user name or a password';
  if (JWT.test(decoded(text))) return 'a token (JWT)';
  return (
    fileShare(url) ?? parameterReason(url.searchParams) ?? pathReason(url) ?? parameterReason(fragment(url))
  );
}

/** Sharing links of file services: each grants access to its file without a login. */
function fileShare({ hostname, pathname, searchParams }: URL): string | undefined {
  if (searchParams.has('sv') && searchParams.has('sig')) return 'a shared access signature (sv, sig)';
  if (/(^|\.)sharepoint\.com$|(^|\.)sharepoint-df\.com$/.test(hostname)) {
    if (/^\/:[a-z]:\//i.test(pathname) || /guestaccess\.aspx$/i.test(pathname))
      return 'a SharePoint guest link';
  }
  if (/^(1drv\.ms|.*\.1drv\.ms)$/.test(hostname)) return 'a OneDrive sharing link';
  return undefined;
}

function parameterReason(parameters: URLSearchParams): string | undefined {
  for (const [name, value] of parameters) {
    const plain = name.toLowerCase().replace(/[-_.[\]]/g, '');
    const isSecret =
      value === ''
        ? /^(unsubscribe|unsub|optout)$/.test(plain)
        : SECRET_PARAMETERS.has(plain) ||
          /(token|secret|passw(or)?d|signature|apikey)$/.test(plain) ||
          (LONG_VALUE_PARAMETERS.has(plain) && LONG.test(value));
    if (isSecret) return `a token or one-time link (parameter ${name.slice(0, 40)})`;
    // A link in a link.
    if (/^https?:\/\//i.test(value)) {
      const inner = oneTimeReason(value);
      if (inner !== undefined) return `${inner} in the link of its parameter ${name.slice(0, 40)}`;
    }
    // Some lists have the action as the value: ?action=unsubscribe.
    if (ACTIONS_ALONE.test(value)) return `a one-time link (${value.slice(0, 40)})`;
  }
  return undefined;
}

function pathReason({ pathname }: URL): string | undefined {
  const steps = decoded(pathname)
    .split('/')
    .filter((step) => step !== '');
  for (const [at, whole] of steps.entries()) {
    const step = whole.replace(/\.(php|aspx?|jsp|html?|do)$/i, '');
    if (ACTIONS_ALONE.test(step)) return `a one-time link (${step.slice(0, 40)})`;
    if (ACTIONS.test(step) && steps.slice(at + 1).some((later) => OPAQUE.test(later)))
      return `a one-time link (${step.slice(0, 40)})`;
  }
  return undefined;
}

/** Some put the token behind #, which is never sent by a browser, but by us. */
function fragment({ hash }: URL): URLSearchParams {
  return new URLSearchParams(hash.includes('=') ? hash.slice(hash.indexOf('?') + 1).replace(/^#/, '') : '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
