import { decodeBytes } from './charset';

/** A line break that the encoder put in and the decoder takes out again; mail programs leave spaces before it. */
const SOFT_BREAK = /=[ \t]{0,76}(?:\r?\n|$)/g;
const BYTES = /(?:=[0-9a-f]{2})+/gi;

/**
 * The text of a body that declares `Content-Transfer-Encoding: quoted-printable` (RFC 2045). What is no escape stays as
 * it is: many programs encode less than they should.
 */
export function decodeQuotedPrintable(body: string, charset: string | undefined): string {
  return body
    .replace(SOFT_BREAK, '')
    .replace(BYTES, (run) => decodeBytes(Buffer.from(run.replaceAll('=', ''), 'hex'), charset));
}
