/**
 * What the program needs of the machine that it runs on and that Node.js has and a browser has not. `runtime` in current.ts is the one of this
 * machine. Both give the same for the same; Node.js is faster.
 */
export interface Runtime {
  /** What a value is, of whichever realm, whatever it says of itself. */
  readonly types: ValueTypes;
  /** The bytes of a text in Base64, in either alphabet. What is not in it is skipped, and `=` ends it. */
  bytesOfBase64(text: string): Uint8Array;
  /** A character for each byte (ISO 8859-1). */
  latin1Of(bytes: Uint8Array): string;
  /** Bytes that a text has in UTF-8. */
  utf8Length(text: string): number;
  /** Whether bytes are valid UTF-8. */
  isUtf8(bytes: Uint8Array): boolean;
  /** The place of a text of ASCII in bytes, from a place on; -1 if it is not there. */
  indexOf(bytes: Uint8Array, text: string, from: number): number;
  /** A new SHA-256. */
  sha256(): Sha256;
  /** A host name in ASCII, by IDNA as URLs have it; empty if it can't be one. */
  domainToAscii(name: string): string;
  /** Lets all else have a turn: resolves in a later turn of the event loop. */
  nextTurn(): Promise<void>;
}

/** A SHA-256 that is computed piece by piece. */
export interface Sha256 {
  /** Takes in more bytes. */
  update(bytes: Uint8Array): void;
  /** The hash in hexadecimal, in lower case. Nothing may be taken in after it. */
  hex(): string;
}

/** Of each kind, whether a value is one. */
export interface ValueTypes {
  /** A Uint8Array, also a Buffer. */
  isUint8Array(value: unknown): value is Uint8Array;
  /** An ArrayBuffer or a SharedArrayBuffer. */
  isAnyArrayBuffer(value: unknown): value is ArrayBufferLike;
  /** A DataView. */
  isDataView(value: unknown): value is DataView;
  /** A Date. */
  isDate(value: unknown): value is Date;
  /** A Map. */
  isMap(value: unknown): value is Map<unknown, unknown>;
  /** A Set. */
  isSet(value: unknown): value is Set<unknown>;
  /** What an Error or a subclass has made. */
  isNativeError(value: unknown): value is Error;
  /** `new String('text')` */
  // eslint-disable-next-line @typescript-eslint/no-wrapper-object-types -- it is what is meant
  isStringObject(value: unknown): value is String;
}
