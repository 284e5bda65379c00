import type { VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import type { Answer, RelationAnswer } from './answer';
import type { RelatedItem } from './item';
import { MOST_INLINE, pageSize, type Question } from './question';
import type { Relation } from './relations';
import { FORBIDDEN, type Refusals, type Unanswered } from './unanswered';

/** What VirusTotal says of one relation, all its pages together. */
export interface RelationResult {
  readonly relation: Relation;
  readonly items: RelatedItem[];
  facts?: unknown;
}

interface PlanOptions {
  /** Items of each relation. */
  readonly limit: number;
  /** What the key was refused is not asked for again. What is refused now is added. */
  readonly refused: Refusals;
}

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
  /** Relations that VirusTotal calls a bad request. It may mean the indicator, until another request for it is answered. */
  readonly #doubted: Refusals = new Map();
  #isKnown = false;
  #error: VirusTotalError | undefined;

  constructor(subject: Indicator, chosen: readonly Relation[], options: PlanOptions) {
    this.#subject = subject;
    this.#options = options;
    const { refused } = options;
    this.#results = new Map(chosen.map((relation) => [relation.name, { relation, items: [] }]));
    const allowed = chosen.filter((relation) => !refused.has(this.#key(relation)));
    for (const relation of chosen) {
      const why = refused.get(this.#key(relation));
      if (why) this.#note(relation, why);
    }
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
    if (!isUnknown) this.#rememberRefusals({ isKnown: true });
    for (const answer of relations) this.#take(answer, question);
  }

  /** The question that `next` gave has failed. */
  failed(error: VirusTotalError): void {
    const question = this.#queue.shift();
    if (!question) return;
    const isBad = error.code === 'VT_REQUEST' && error.status === 400;
    if (question.kind === 'object') {
      if ((isBad || error.code === 'VT_FORBIDDEN') && question.relations.length > 0)
        return this.#split(question.relations);
      for (const relation of this.#ofObject(question.relations)) this.#unanswered(relation, error);
    } else if (error.code === 'VT_FORBIDDEN') {
      const { relation } = question;
      this.#options.refused.set(this.#key(relation), FORBIDDEN);
      this.#note(relation, FORBIDDEN);
    } else {
      this.#unanswered(question.relation, error);
      if (isBad && !isFurtherPage(question)) {
        this.#doubted.set(this.#key(question.relation), { code: error.code, reason: error.message });
        this.#rememberRefusals();
      }
    }
  }

  /** Asks no more. */
  stop(code: string, reason: string): void {
    for (const question of this.#queue.splice(0)) {
      const relations = question.kind === 'object' ? this.#ofObject(question.relations) : [question.relation];
      // Of a list that has some of its items, what is missing is no failure.
      if (!isFurtherPage(question)) for (const relation of relations) this.#note(relation, { code, reason });
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
    return { kind: 'list', relation, form: relation.form, limit: pageSize(relation, this.#options.limit) };
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
        limit: pageSize(result.relation, limit),
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
      limit: pageSize(result.relation, missing),
      cursor,
    });
  }

  #unanswered(relation: Relation, error: VirusTotalError): void {
    this.#error ??= error;
    this.#note(relation, { code: error.code, reason: error.message });
  }

  /** Once for each relation: what the object itself says may be in several requests. */
  #note({ name }: Relation, why: Omit<Unanswered, 'relation'>): void {
    if (this.unanswered.every(({ relation }) => relation !== name))
      this.unanswered.push({ relation: name, ...why });
  }

  #rememberRefusals({ isKnown = this.#isKnown } = {}): void {
    this.#isKnown = isKnown;
    if (!isKnown) return;
    for (const [name, why] of this.#doubted) this.#options.refused.set(name, why);
    this.#doubted.clear();
  }
}

function isFurtherPage(question: Question): boolean {
  return question.kind === 'list' && question.cursor !== undefined;
}
