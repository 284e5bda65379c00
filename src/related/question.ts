import { MOST_COMMENTS } from './community';
import type { Relation } from './relations';

/** One request for relations of an indicator. */
export type Question =
  /** The indicator's own object, with descriptors of several relations. */
  | { readonly kind: 'object'; readonly relations: readonly Relation[] }
  /** A page of one relation. */
  | {
      readonly kind: 'list';
      readonly relation: Relation;
      readonly form: 'descriptors' | 'objects';
      readonly limit: number;
      readonly cursor?: string;
    }
  /** What sandboxes saw of a file. */
  | { readonly kind: 'behavior'; readonly relation: Relation };

/** The most objects on a page, by VirusTotal's API. */
const PAGE_SIZE = 40;

/** What becomes one list or one count takes a page of its own size: `limit` counts indicators. */
const PAGE_SIZES = new Map([
  ['comments', MOST_COMMENTS],
  ['related_comments', MOST_COMMENTS],
  ['votes', PAGE_SIZE],
]);

/** How many items of a relation a request asks for, when `wanted` are missing. */
export function pageSize({ name }: Relation, wanted: number): number {
  return PAGE_SIZES.get(name) ?? Math.min(wanted, PAGE_SIZE);
}

/** The most relations that VirusTotal is asked for in one request. */
export const MOST_INLINE = 8;

/** What follows the path of the indicator's report. */
export function pathOf(question: Question): string {
  switch (question.kind) {
    case 'object': {
      const names = question.relations.map(({ name }) => name).join(',');
      return names === '' ? '' : `?relationships=${names}`;
    }
    case 'behavior':
      return '/behaviour_summary';
    case 'list': {
      const { relation, form, limit, cursor } = question;
      const place = form === 'descriptors' ? `/relationships/${relation.name}` : `/${relation.name}`;
      const page = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      return `${place}?limit=${limit}${page}`;
    }
  }
}
