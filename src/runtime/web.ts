import type { Runtime, ValueTypes } from './runtime';
import { WebSha256 } from './web-sha256';

/** Makes a runtime of what every browser has. */
export function webRuntime(): Runtime {
  return {
    types: valueTypes(),
    bytesOfBase64,
    latin1Of,
    utf8Length: (text) => new TextEncoder().encode(text).length,
    isUtf8,
    indexOf,
    sha256: () => new WebSha256(),
    domainToAscii,
    nextTurn: () => new Promise((resolve) => setTimeout(resolve, 0)),
  };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const NOT_OF_ALPHABET = 0xff;
const VALUES = new Uint8Array(128).fill(NOT_OF_ALPHABET);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;
VALUES['-'.charCodeAt(0)] = 62;
VALUES['_'.charCodeAt(0)] = 63;

function bytesOfBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let [length, bits, count] = [0, 0, 0];
  for (let at = 0; at < text.length && text[at] !== '='; at++) {
    const value = VALUES[text.charCodeAt(at)] ?? NOT_OF_ALPHABET;
    if (value === NOT_OF_ALPHABET) continue;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[length++] = (bits >> count) & 0xff;
  }
  return bytes.subarray(0, length);
}

/** As many as a function takes as arguments. */
const CHUNK = 8192;

function latin1Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function indexOf(bytes: Uint8Array, text: string, from: number): number {
  const wanted = new TextEncoder().encode(text);
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  return -1;
}

/** No host has this name: it stays where another is refused. */
const REFUSED = 'refused.invalid';

function domainToAscii(name: string): string {
  const url = new URL(`ws://${REFUSED}`);
  url.hostname = name;
  return url.hostname === REFUSED ? '' : url.hostname;
}

/** By what only a value of the kind has: a getter or a method of its prototype that throws for all else. */
function valueTypes(): ValueTypes {
  const nameOf = getterOf(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag);
  const is = <T>(ask: (value: unknown) => unknown): ((value: unknown) => value is T) =>
    function (value): value is T {
      try {
        return typeof value === 'object' && value !== null && ask(value) !== undefined;
      } catch {
        return false;
      }
    };
  const lengthOfBuffer = getterOf(ArrayBuffer.prototype, 'byteLength');
  const lengthOfShared =
    typeof SharedArrayBuffer === 'undefined'
      ? undefined
      : getterOf(SharedArrayBuffer.prototype, 'byteLength');
  const isBuffer = is(lengthOfBuffer);
  const isShared = is(lengthOfShared ?? (() => undefined));
  return {
    isUint8Array: is((value) => (nameOf(value) === 'Uint8Array' ? true : undefined)),
    isAnyArrayBuffer: (value): value is ArrayBufferLike => isBuffer(value) || isShared(value),
    isDataView: is(getterOf(DataView.prototype, 'byteLength')),
    isDate: is((value) => Date.prototype.getTime.call(value as Date)),
    isMap: is(getterOf(Map.prototype, 'size')),
    isSet: is(getterOf(Set.prototype, 'size')),
    isNativeError: is((value) =>
      Object.prototype.toString.call(value) === '[object Error]' && !(Symbol.toStringTag in (value as object))
        ? true
        : undefined,
    ),
    isStringObject: is((value) => String.prototype.valueOf.call(value as string)),
  };
}

/** A getter as a function. */
function getterOf(prototype: object, name: string | symbol): (value: unknown) => unknown {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the value
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  return (value) => get?.call(value) as unknown;
}
