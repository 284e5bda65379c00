import { digest } from './seeded';
import type { V3Object } from './v3-objects';

/** One item of a relation; the whole object is made when it is asked for. */
export interface RelatedItem {
  type: string;
  id: string;
  /** What the relation itself says, as the date of a resolution. */
  context?: Record<string, unknown>;
  /** Code of an error in place of the object. */
  error?: string;
  links?: V3Object['links'];
  attributes: () => Record<string, unknown>;
}

/** An item by type and id alone. */
export function descriptorOf({ type, id, context, error }: RelatedItem): object {
  return { type, id, ...(context ? { context_attributes: context } : {}), ...errorField(error, type, id) };
}

/** An item with its attributes. */
export function wholeOf(item: RelatedItem): object {
  const { type, id, context, error } = item;
  if (error !== undefined) return descriptorOf(item);
  const collection = type === 'ip_address' ? 'ip_addresses' : `${type}s`;
  const links = item.links ?? {
    self: `https://www.virustotal.com/api/v3/${collection}/${encodeURIComponent(id)}`,
  };
  return {
    type,
    id,
    links,
    attributes: item.attributes(),
    ...(context ? { context_attributes: context } : {}),
  };
}

/** A key for cursors: ids may repeat within a list of other types. */
export function itemKey({ type, id }: RelatedItem): string {
  return digest('md5', `${type} ${id}`).slice(0, 16);
}

function errorField(code: string | undefined, type: string, id: string): object {
  return code === undefined ? {} : { error: { code, message: `${type} "${id}" not found` } };
}
