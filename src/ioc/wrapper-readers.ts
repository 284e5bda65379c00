import { runtime } from '../runtime/current';
import { textOf } from '../runtime/text-bytes';

/** Reads where a link of a mail filter or a redirect leads, as it stands in the link; undefined where the link doesn't say. */
export type TargetReader = (url: URL) => string | undefined;

/** The first of the parameters that holds something, decoded. */
export function parameter(...names: string[]): TargetReader {
  return (url) => {
    for (const name of names) {
      const value = valueOf(url, name);
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  };
}

/** The first reader that has an answer. */
export function either(...readers: TargetReader[]): TargetReader {
  return (url) => {
    for (const reader of readers) {
      const target = reader(url);
      if (target !== undefined) return target;
    }
    return undefined;
  };
}

/** The same below a path only: the rest of the site are pages of its own. */
export function below(path: string, reader: TargetReader): TargetReader {
  return (url) => (url.pathname.startsWith(path) ? reader(url) : undefined);
}

/**
 * `/v2/url?u=https-3A__baddomain.com_x`, `/v3/__https://baddomain.com/x__;token`, `/v1/url?u=` (Proofpoint). A third version whose end is
 * missing, as in a line that was cut, leads as far as it goes.
 */
export const proofpoint: TargetReader = (url) => {
  const third = /^\/v3\/__(.+?)(?:__(?:;([\w-]*)|$)|$)/.exec(`${url.pathname}${url.search}`);
  if (third !== null) return withTokens(third[1] ?? '', third[2] ?? '');
  if (!url.pathname.startsWith('/v2/')) return parameter('u')(url);
  const value = rawValueOf(url, 'u');
  return value === undefined ? undefined : decoded(value.replaceAll('_', '/').replace(HYPHENS, '%'));
};

const HYPHENS = /-(?=[0-9A-F]{2})/gi;
const RUNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** In version 3 a `*` stands for a character that the token has, and `**` with a letter for as many as the letter says. */
function withTokens(link: string, token: string): string {
  const characters = [...textOf(runtime.bytesOfBase64(token))];
  let next = 0;
  return link.replace(/\*(?:\*([\w-]))?/g, (_, run: string | undefined) => {
    const length = run === undefined ? 1 : RUNS.indexOf(run) + 2;
    const plain = characters.slice(next, next + length).join('');
    next += length;
    return plain;
  });
}

/** `/v2/___https://baddomain.com/x___.token` (Check Point, Avanan). */
export const checkPoint: TargetReader = ({ pathname, search }) =>
  /^\/v\d\/(?:[\w-]+\/)?___(.+?)___/.exec(`${pathname}${search}`)?.[1];

/** `/token/https%3A%2F%2Fbaddomain.com` (Cisco). */
export const lastSegment: TargetReader = ({ pathname, search }) => {
  const segment = /\/(https?(?:%3A|:).+)$/i.exec(`${pathname}${search}`)?.[1];
  return segment === undefined ? undefined : decoded(segment);
};

/** Everything after the question mark. */
export const wholeQuery: TargetReader = ({ search }) => {
  const target = /^\?(?:url=)?(https?(?:%3A|:).+)$/i.exec(search)?.[1];
  return target === undefined ? undefined : decoded(target);
};

/** `?u=aHR0cHM6Ly8=`; Bing puts `a1` before it. */
export function base64(name: string): TargetReader {
  return (url) => {
    const value = (valueOf(url, name) ?? '').replace(/^a1(?=aHR0c)/, '');
    return /^aHR0c[\w+/=-]+$/.test(value) ? textOf(runtime.bytesOfBase64(value)) : undefined;
  };
}

/** Reads the target of a redirect of Google. */
export const google: TargetReader = (url) => {
  if (url.pathname === '/url' || url.pathname === '/imgres') return parameter('q', 'url', 'imgrefurl')(url);
  if (url.pathname === '/aclk') return parameter('adurl')(url);
  if (url.pathname === '/linkredirect') return parameter('dest')(url);
  if (url.pathname === '/travel/clk') return parameter('pcurl')(url);
  return ampPage(url, /^\/amp\/(s\/)?(.+)$/);
};

/** `/c/s/baddomain.com/x`: the copy of a page (AMP) that Google keeps. */
export const ampCache: TargetReader = (url) => ampPage(url, /^\/[civ]\/(s\/)?([^/]+\..+)$/);

function ampPage({ pathname, search }: URL, path: RegExp): string | undefined {
  const page = path.exec(`${pathname}${search}`);
  return page === null ? undefined : `http${page[1] === undefined ? '' : 's'}://${page[2] ?? ''}`;
}

function valueOf(url: URL, name: string): string | undefined {
  const raw = rawValueOf(url, name);
  return raw === undefined ? undefined : decoded(raw.replaceAll('+', ' '));
}

/** As it stands. The names are read in lower case: programs differ. `=3D` is the equals sign in undecoded quoted-printable. */
function rawValueOf({ search }: URL, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const pair of search.slice(1).split('&')) {
    const at = pair.indexOf('=');
    const key = (at < 0 ? pair : pair.slice(0, at)).toLowerCase().replace(/^amp;/, '');
    if (key === wanted)
      return at < 0 ? '' : pair.slice(at + 1).replace(/^3D(?=h[tx]{2}ps?(?:%3A|:|-3A))/i, '');
  }
  return undefined;
}

/** Percent-encoding undone. What is no UTF-8 stays encoded: in a URL of another charset it belongs there. */
export function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}
