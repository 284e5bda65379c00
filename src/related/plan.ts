import type { VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import type { Answer, RelationAnswer } from './answer';
import type { RelatedItem } from './item';
import { MOST_INLINE, PAGE_SIZE, type Question } from './question';
import type { Relation } from './relations';

/** A relation that there is no answer to, and why. */
export interface Unanswered {
  relation: string;
  /** One of the codes of `VirusTotalError`, or `MAX_REQUESTS`: the message had no request left for it. */
  code: string;
  /** One sentence for a person. */
  reason: string;
}

/** What VirusTotal says of one relation, all its pages together. */
export interface RelationResult {
  readonly relation: Relation;
  readonly items: RelatedItem[];
  facts?: unknown;
}

interface PlanOptions {
  /** Items of each relation. */
  readonly limit: number;
  /** Names of relations, as `file.itw_ips`, that the key was refused: they are not asked for again, and what is refused is added. */
  readonly refused: Set<string>;
}

const FORBIDDEN = 'VirusTotal refuses this relation to the API key: it needs a premium key';

/**
 * Which requests get the chosen relations of one indicator: as few as possible for those that a free key has, then each of the others
 * apart, as a forbidden one costs the whole answer; further pages last.
 */
export class RelationPlan {
  readonly unanswered: Unanswered[] = [];
  readonly #subject: Indicator;
  readonly #options: PlanOptions;
  readonly #results: Map<string, RelationResult>;
  readonly #queue: Question[];
  /** Cursors that were asked for: a server that gives the same one again would be asked without an end. */
  readonly #cursors = new Set<string>();
  #answers = 0;
  #error: VirusTotalError | undefined;

  constructor(subject: Indicator, chosen: readonly Relation[], options: PlanOptions) {
    this.#subject = subject;
    this.#options = options;
    const { refused } = options;
    this.#results = new Map(chosen.map((relation) => [relation.name, { relation, items: [] }]));
    const allowed = chosen.filter((relation) => !refused.has(this.#key(relation)));
    for (const relation of chosen) if (!allowed.includes(relation)) this.#forbidden(relation);
    this.#queue = [
      ...this.#inline(allowed.filter(({ free, form }) => free && form !== 'objects' && form !== 'behavior')),
      ...allowed
        .filter(({ free, form }) => free && (form === 'objects' || form === 'behavior'))
        .map((one) => this.#apart(one)),
      ...allowed.filter(({ free }) => !free).map((one) => this.#apart(one)),
    ];
  }

  /** The next request; undefined when there is nothing more to ask. */
  next(): Question | undefined {
    return this.#queue[0];
  }

  /** The answer to the question that `next` gave. */
  answered({ relations, isUnknown }: Answer): void {
    const question = this.#queue.shift();
    this.#answers += 1;
    // Of what VirusTotal does not know there is nothing else to ask.
    if (isUnknown && question?.kind === 'object') return void this.#queue.splice(0);
    for (const answer of relations) this.#take(answer, question);
  }

  /** The question that `next` gave has failed. */
  failed(error: VirusTotalError): void {
    const question = this.#queue.shift();
    if (!question) return;
    const isRefused = error.code === 'VT_FORBIDDEN' || (error.code === 'VT_REQUEST' && error.status === 400);
    if (question.kind === 'object') {
      if (isRefused && question.relations.length > 0) return this.#split(question.relations);
      this.#error ??= error;
      for (const relation of this.#ofObject(question.relations)) this.#unanswered(relation, error);
    } else if (error.code === 'VT_FORBIDDEN') {
      this.#options.refused.add(this.#key(question.relation));
      this.#forbidden(question.relation);
    } else {
      if (isRefused) this.#options.refused.add(this.#key(question.relation));
      this.#error ??= error;
      this.#unanswered(question.relation, error);
    }
  }

  /** Asks no more. */
  stop(code: string, reason: string): void {
    for (const question of this.#queue.splice(0)) {
      const isPage = question.kind === 'list' && question.cursor !== undefined;
      const relations = question.kind === 'object' ? this.#ofObject(question.relations) : [question.relation];
      // Of a list that has some of its items, what is missing is no failure.
      if (!isPage) for (const { name } of relations) this.unanswered.push({ relation: name, code, reason });
    }
  }

  /** Why there is nothing at all, when no request was answered; undefined also where the key may have none of the relations. */
  get error(): VirusTotalError | undefined {
    return this.#answers === 0 ? this.#error : undefined;
  }

  /** What came of each relation, in the order in which they were chosen. */
  get results(): readonly RelationResult[] {
    return [...this.#results.values()];
  }

  #key({ name }: Relation): string {
    return `${this.#subject.type}.${name}`;
  }

  /** Several relations in one request; an only one as a list, which is smaller. */
  #inline(relations: readonly Relation[]): Question[] {
    const lists = relations.filter(({ form }) => form === 'descriptors');
    const isAsked = lists.length < relations.length;
    const [only] = lists;
    if (!isAsked && lists.length === 1 && only) return [this.#apart(only)];
    const questions: Question[] = [];
    for (let at = 0; at < lists.length; at += MOST_INLINE)
      questions.push({ kind: 'object', relations: lists.slice(at, at + MOST_INLINE) });
    return questions.length === 0 && isAsked ? [{ kind: 'object', relations: [] }] : questions;
  }

  #apart(relation: Relation): Question {
    if (relation.form === 'behavior') return { kind: 'behavior', relation };
    if (relation.form === 'attributes') return { kind: 'object', relations: [] };
    return { kind: 'list', relation, form: relation.form, limit: Math.min(this.#options.limit, PAGE_SIZE) };
  }

  /** One of the relations is unknown or forbidden, and costs the others: each is asked for by itself. */
  #split(relations: readonly Relation[]): void {
    const apart = relations.map((relation) => this.#apart(relation));
    const whois = this.#results.has('whois') ? [{ kind: 'object', relations: [] } as Question] : [];
    this.#queue.unshift(...whois, ...apart);
  }

  #ofObject(relations: readonly Relation[]): Relation[] {
    const own = this.#results.get('whois')?.relation;
    return own ? [...relations, own] : [...relations];
  }

  #take({ name, items, facts, cursor }: RelationAnswer, question: Question | undefined): void {
    const result = this.#results.get(name);
    if (!result || !question) return;
    const { limit } = this.#options;
    if (facts !== undefined) {
      result.facts ??= facts;
      return;
    }
    const isNamed = items.every(({ kind }) => kind !== 'unnamed');
    const isDescriptors =
      question.kind === 'object' || (question.kind === 'list' && question.form === 'descriptors');
    if (!isNamed && isDescriptors) {
      result.items.splice(0);
      this.#queue.unshift({
        kind: 'list',
        relation: result.relation,
        form: 'objects',
        limit: Math.min(limit, PAGE_SIZE),
      });
      return;
    }
    result.items.push(...items.slice(0, limit - result.items.length));
    const missing = limit - result.items.length;
    const page = `${name} ${cursor}`;
    if (cursor === undefined || missing <= 0 || items.length === 0 || this.#cursors.has(page)) return;
    this.#cursors.add(page);
    const form = question.kind === 'list' ? question.form : 'descriptors';
    this.#queue.push({
      kind: 'list',
      relation: result.relation,
      form,
      limit: Math.min(missing, PAGE_SIZE),
      cursor,
    });
  }

  #forbidden({ name }: Relation): void {
    this.unanswered.push({ relation: name, code: 'VT_FORBIDDEN', reason: FORBIDDEN });
  }

  #unanswered({ name }: Relation, { code, message }: VirusTotalError): void {
    this.unanswered.push({ relation: name, code, reason: message });
  }
}
