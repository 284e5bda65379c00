const FILE_ENDINGS = /\.(?:exe|dll|bin|sh|txt|pdf|docx?|xlsx?|zip|js|ps1)$/;
const TOP = 'com|net|org|info|biz|io|ru|cn|de|fr|uk';
const PRIVATE = /^(?:10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./;

/** How indicators are found by hand: the usual expressions, defanged spelling undone, each value once, no private addresses. */
export function byUsualExpressions(payload: unknown): string[] {
  const text = (typeof payload === 'string' ? payload : JSON.stringify(payload))
    .replace(/hxxp/gi, 'http')
    .replace(/\[\.\]/g, '.');
  const found = new Set<string>();
  for (const expression of [/\b[a-f0-9]{64}\b/gi, /\b[a-f0-9]{40}\b/gi, /\b[a-f0-9]{32}\b/gi])
    for (const hash of text.match(expression) ?? []) found.add(hash.toLowerCase());
  for (const url of text.match(/https?:\/\/[^\s"'<>]+/gi) ?? []) found.add(unwrapped(url));
  // A name within a URL or a mail address is no second indicator.
  const rest = text.replace(/https?:\/\/[^\s"'<>]+|\S+@\S+/gi, ' ');
  for (const address of rest.match(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g) ?? [])
    if (!PRIVATE.test(address)) found.add(address);
  const domain = new RegExp(`\\b(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+(?:${TOP})\\b`, 'gi');
  for (const name of rest.match(domain) ?? []) if (!FILE_ENDINGS.test(name)) found.add(name.toLowerCase());
  return [...found];
}

/** Microsoft's form is in every forum. */
function unwrapped(url: string): string {
  const [, target] = /safelinks\.protection\.outlook\.com\/\?url=([^&]+)/i.exec(url) ?? [];
  return target === undefined ? url : decodeURIComponent(target);
}
