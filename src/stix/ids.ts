import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json';

/** STIX 2.1, section 2.9: the namespace for observables, and for nothing else. */
const STIX_NAMESPACE = '00abedb4-aa42-466c-9c01-fed23315a9b7';

/**
 * The namespace of every other object made here: the UUIDv5 of this project's address in RFC 4122's namespace for URLs. The
 * specification asks for random ids where it can't know what makes an object unique; here it is what VirusTotal knows it by.
 */
const OUR_NAMESPACE = '60fb65ea-6ce0-5919-9519-ab86a5ad7660';

/**
 * The id of an observable, the same wherever it is made: a UUIDv5 over the properties that the specification names for its
 * type, as canonical JSON.
 */
export function observableId(type: string, contributing: Record<string, unknown>): string {
  return `${type}--${uuidV5(STIX_NAMESPACE, canonicalJson(contributing))}`;
}

/** The id of any other object, the same for the same `key`. The type is part of what is hashed: no two types share a UUID. */
export function objectId(type: string, key: readonly unknown[]): string {
  return `${type}--${uuidV5(OUR_NAMESPACE, canonicalJson([type, ...key]))}`;
}

function uuidV5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
