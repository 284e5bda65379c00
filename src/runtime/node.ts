import type { Runtime } from './runtime';

/**
 * What Node.js has; undefined in a browser. Its modules are asked for and not imported, so that bundlers for a browser have nothing to leave out.
 */
export function nodeRuntime(): Runtime | undefined {
  if (typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function') return undefined;
  const { types } = process.getBuiltinModule('node:util');
  const { Buffer: NodeBuffer, isUtf8 } = process.getBuiltinModule('node:buffer');
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { domainToASCII } = process.getBuiltinModule('node:url');
  const bufferOf = (bytes: Uint8Array): Buffer =>
    NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    types,
    bytesOfBase64: (text) => NodeBuffer.from(text, 'base64'),
    latin1Of: (bytes) => bufferOf(bytes).toString('latin1'),
    utf8Length: (text) => NodeBuffer.byteLength(text),
    isUtf8,
    indexOf: (bytes, text, from) => bufferOf(bytes).indexOf(text, from, 'latin1'),
    sha256: () => {
      const hash = createHash('sha256');
      return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
    },
    domainToAscii: domainToASCII,
    // The global of the moment: tests replace it.
    nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
