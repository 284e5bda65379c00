import type { ParsedRequest } from './api-request';
import { behaviorSummary } from './behavior';
import { type Page, pageFields, pageOf } from './page';
import { type RelatedItem, descriptorOf, itemKey, wholeOf } from './related-item';
import { type Relation, relationsOf } from './relations';
import type { VirusTotalState } from './state';
import { type Answer, forbidden, invalidArgument, notFound } from './v3-errors';
import { objectId, selfLink } from './v3-objects';

/** A relation of an object that VirusTotal has: a page of whole objects, or of types and ids. */
export function relatedAnswer(parsed: ParsedRequest, identity: string, state: VirusTotalState): Answer {
  const relation = relationsOf(parsed.kind).get(parsed.relation);
  if (!relation) return notFound();
  if (isForbidden(relation, state)) return forbidden();
  const form = parsed.what === 'related' ? wholeOf : descriptorOf;
  const inPath = parsed.what === 'related' ? relation.name : `relationships/${relation.name}`;
  const self = `${selfLink(parsed.kind, objectId(parsed.kind, identity))}/${inPath}`;
  const items = state.related.of(parsed.kind, identity, relation);
  if (relation.single)
    return { status: 200, json: { data: items[0] ? form(items[0]) : null, links: { self } } };
  const page = pageOf(items, parsed.query, `${relation.name} ${identity}`, itemKey);
  if ('status' in page) return page;
  return {
    status: 200,
    json: { data: page.items.map(form), ...pageFields(self, page, parsed.query, items.length) },
  };
}

/** What `?relationships=a,b` adds to an object: types and ids. One relation that is unknown or forbidden costs the whole answer. */
export function inlineRelations(
  { kind, query }: ParsedRequest,
  identity: string,
  state: VirusTotalState,
): Record<string, object> | Answer {
  const relationships: Record<string, object> = {};
  for (const name of (query.get('relationships') ?? '').split(',').filter(Boolean)) {
    const relation = relationsOf(kind).get(name);
    if (!relation) return invalidArgument(`Unknown relationship "${name}"`);
    if (isForbidden(relation, state)) return forbidden();
    const object = selfLink(kind, objectId(kind, identity));
    const self = `${object}/relationships/${name}`;
    const links = { self, related: `${object}/${name}` };
    const items = state.related.of(kind, identity, relation);
    if (relation.single) {
      relationships[name] = { data: items[0] ? descriptorOf(items[0]) : null, links };
      continue;
    }
    const page = pageOf(
      items,
      new URLSearchParams({ limit: '20' }),
      `${name} ${identity}`,
      itemKey,
    ) as Page<RelatedItem>;
    const fields = pageFields(self, page, new URLSearchParams({ limit: '20' }), items.length) as {
      links: object;
    };
    relationships[name] = {
      data: page.items.map(descriptorOf),
      ...fields,
      links: { ...fields.links, ...links },
    };
  }
  return relationships;
}

/** What the sandboxes saw of a file. */
export function behaviorAnswer(identity: string, { catalog }: VirusTotalState): Answer {
  const sha256 = objectId('file', identity);
  const summary = behaviorSummary(sha256, catalog.find('file', identity).finding);
  if (!summary) return notFound(`File "${sha256}" has no behaviour reports`);
  return {
    status: 200,
    json: { data: summary, links: { self: `${selfLink('file', sha256)}/behaviour_summary` } },
  };
}

function isForbidden({ needs }: Relation, { privileges }: VirusTotalState): boolean {
  return needs !== undefined && !privileges.has(needs);
}
