/**
 * A text as a URL; undefined when it is none. In place of `URL.canParse`: that of Node 20 misreads letters beyond ASCII as soon as it
 * is optimized, after some thousand calls, and then says that `http://é.test/` is no URL.
 *
 * @param base what a relative address is seen from
 */
export function parsedUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
