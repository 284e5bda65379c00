/**
 * The form in which a URL is compared with the beginnings on an allow list: what leads a server to the same page is the
 * same here, so that `/./private`, `/a/../private`, `/%70rivate`, `\private` and `//private` are all `/private`. Of http
 * and https neither is told, as a page is reached by both.
 * @param url in canonical form
 */
export function comparableUrl(url: string): string {
  try {
    const { protocol, host, pathname, search } = new URL(url);
    const scheme = protocol === 'ftp:' ? 'ftp:' : '';
    return `${scheme}//${host.replace(/\.(?=:|$)/, '').replace(/:(?:80|443)$/, '')}${comparablePath(pathname)}${decoded(search)}`;
  } catch {
    return url;
  }
}

function comparablePath(pathname: string): string {
  const kept: string[] = [];
  const segments = decoded(pathname).split(/[/\\]+/);
  for (const [index, whole] of segments.entries()) {
    // Servers of Java leave the parameters of a segment aside: "/..;x/".
    const segment = whole.replace(/;.*$/s, '');
    const isLast = index === segments.length - 1;
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(segment);
    // The slash at the end says whether a page or a folder is meant.
    if (isLast && (segment === '' || segment === '.' || segment === '..')) kept.push('');
  }
  return `/${kept.join('/')}`;
}

/** As often as it may have been encoded on its way through proxies. */
const MOST_LAYERS = 4;

/** Without the escapes of printable ASCII, but for those that would end the path. */
function decoded(text: string): string {
  let at = text;
  for (let layer = 0; layer < MOST_LAYERS && at.includes('%'); layer++) {
    const next = at.replace(/%([0-9a-f]{2})/gi, (escape, hex: string) => {
      const code = parseInt(hex, 16);
      return code > 0x20 && code < 0x7f && code !== 0x23 && code !== 0x3f
        ? String.fromCharCode(code)
        : escape.toUpperCase();
    });
    if (next === at) break;
    at = next;
  }
  return at;
}
