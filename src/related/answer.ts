import type { Indicator } from '../ioc/ioc';
import { isObject } from '../report/narrow';
import { readBehavior } from './behavior';
import { defined, fieldAt, scalarsOf, textAt } from './clean';
import { readComments, readVotes } from './community';
import { readItem, type RelatedItem } from './item';
import type { Question } from './question';
import { readCertificate, readRdap, readWhois } from './registration';

/** What VirusTotal says of one relation. */
export interface RelationAnswer {
  readonly name: string;
  readonly items: readonly RelatedItem[];
  /** What is no list of items: goes to `msg.related` as it is. */
  readonly facts?: unknown;
  /** There is another page. */
  readonly cursor?: string;
}

/** A body that was narrowed. Plain JSON, so that it can be kept and copied. */
export interface Answer {
  /** VirusTotal does not know the indicator, or has no such thing of it. */
  readonly isUnknown: boolean;
  readonly relations: readonly RelationAnswer[];
}

/** The most elements that are read of one list; a page has 40. */
const MOST_ITEMS = 200;

/** Narrows the body of an answer; undefined is a 404. Never throws. */
export function readAnswer(question: Question, subject: Indicator, body: unknown): Answer {
  if (body === undefined) return { isUnknown: true, relations: [] };
  const data = fieldAt(body, 'data');
  if (question.kind === 'behavior') {
    const facts = readBehavior(body);
    const { name } = question.relation;
    return { isUnknown: false, relations: facts === undefined ? [] : [{ name, items: [], facts }] };
  }
  if (question.kind === 'list')
    return { isUnknown: false, relations: [readRelation(question.relation.name, body, subject)] };
  const lists = fieldAt(data, 'relationships');
  const relations = question.relations.map(({ name }) => readRelation(name, fieldAt(lists, name), subject));
  return { isUnknown: false, relations: [...relations, ...readAttributes(fieldAt(data, 'attributes'))] };
}

/** `{data, meta, links}`; a relation to one thing has an object in place of the list, or null. */
function readRelation(name: string, value: unknown, subject: Indicator): RelationAnswer {
  const data = fieldAt(value, 'data');
  const list: unknown[] = Array.isArray(data)
    ? (data.slice(0, MOST_ITEMS) as unknown[])
    : isObject(data)
      ? [data]
      : [];
  const cursor =
    fieldAt(fieldAt(value, 'meta'), 'cursor') ?? cursorIn(fieldAt(fieldAt(value, 'links'), 'next'));
  const page = typeof cursor === 'string' && cursor !== '' && cursor.length <= 4_096 ? { cursor } : {};
  const facts = factsOf(name, list);
  if (facts !== undefined) return { name, items: [], facts, ...page };
  return { name, items: list.flatMap((one) => readItem(one, subject) ?? []), ...page };
}

/** The link names VirusTotal's host, which may not be the one that is asked: only its cursor is taken. */
function cursorIn(link: unknown): string | undefined {
  if (typeof link !== 'string' || link.length > 8_192) return undefined;
  return new URLSearchParams(link.slice(link.indexOf('?') + 1)).get('cursor') ?? undefined;
}

/** What a list comes to that isn't made of indicators. */
function factsOf(name: string, list: readonly unknown[]): unknown {
  switch (name) {
    case 'comments':
    case 'related_comments':
      return readComments(list);
    case 'votes':
      return readVotes(list);
    case 'historical_whois':
      return list.flatMap((one) => present(readWhois(fieldAt(one, 'attributes'))));
    case 'historical_ssl_certificates':
      return list.flatMap((one) => present(readCertificate(fieldAt(one, 'attributes'))));
    case 'behaviours':
      return list.flatMap(
        (one) => textAt(fieldAt(one, 'attributes'), 'sandbox_name') ?? textAt(one, 'id') ?? [],
      );
    default:
      return undefined;
  }
}

/** Who registered it, and the certificate that it showed last, out of the object of the indicator itself. */
function readAttributes(attributes: unknown): RelationAnswer[] {
  const facts = defined({
    whois: readWhois(attributes),
    rdap: readRdap(attributes),
    certificate: readCertificate(fieldAt(attributes, 'last_https_certificate')),
    network: textAt(attributes, 'network', 60),
    owner: textAt(attributes, 'as_owner'),
    ...scalarsOf({ asn: fieldAt(attributes, 'asn') }),
  });
  return Object.keys(facts).length === 0 ? [] : [{ name: 'whois', items: [], facts }];
}

function present<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
