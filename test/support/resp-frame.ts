/** @returns where the RESP reply that begins at `from` ends; -1: it isn't whole yet */
export function endOfReply(bytes: Buffer, from: number): number {
  let at = from;
  for (let left = 1; left > 0; left--) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return -1;
    const type = String.fromCharCode(bytes[at] ?? 0);
    const size = Number(bytes.toString('latin1', at + 1, end));
    at = end + 2;
    if ('$=!'.includes(type) && size >= 0) at += size + 2;
    else if ('*~>'.includes(type) && size >= 0) left += size;
    else if (type === '%') left += 2 * size;
    if (at > bytes.length) return -1;
  }
  return at;
}
