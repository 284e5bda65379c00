import type { Kind } from './finding';
import { digest } from './seeded';
import { type V3Object, objectId } from './v3-objects';

/** The user whom every key of the stand-in belongs to. */
export const USER = 'stand-in';

/** Comments and votes that clients have written. */
export class Community {
  readonly #now: () => number;
  readonly #comments = new Map<string, V3Object[]>();
  readonly #texts = new Set<string>();
  readonly #votes = new Map<string, { verdict: string; body: V3Object }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Newest first. */
  comments(kind: Kind, indicator: string): readonly V3Object[] {
    return this.#comments.get(`${kind} ${indicator}`) ?? [];
  }

  votes(kind: Kind, indicator: string): readonly V3Object[] {
    const vote = this.#votes.get(`${kind} ${indicator}`);
    return vote ? [vote.body] : [];
  }

  /** The comment; undefined when the same text is there already. */
  comment(kind: Kind, indicator: string, text: string): object | undefined {
    const thing = `${kind} ${indicator}`;
    if (this.#texts.has(`${thing}\n${text}`)) return undefined;
    this.#texts.add(`${thing}\n${text}`);
    const comments = this.#comments.get(thing) ?? [];
    const id = `${commentPrefix(kind)}-${objectId(kind, indicator)}-${digest('md5', text).slice(0, 8)}`;
    const comment = {
      type: 'comment',
      id,
      links: { self: `https://www.virustotal.com/api/v3/comments/${id}` },
      attributes: {
        date: Math.floor(this.#now() / 1000),
        text,
        html: text,
        tags: [...text.matchAll(/#(\w+)/g)].map(([, tag]) => tag?.toLowerCase()),
        votes: { positive: 0, negative: 0, abuse: 0 },
      },
    };
    this.#comments.set(thing, [comment, ...comments]);
    return comment;
  }

  /** The vote; a text: what was voted before, as a user has one vote. */
  vote(kind: Kind, indicator: string, verdict: string): object | string {
    const thing = `${kind} ${indicator}`;
    const before = this.#votes.get(thing);
    if (before) return before.verdict;
    const id = `${commentPrefix(kind)}-${objectId(kind, indicator)}-${digest('md5', USER).slice(0, 8)}`;
    const date = Math.floor(this.#now() / 1000);
    const attributes = { date, value: verdict === 'harmless' ? 1 : -1, verdict };
    const body = {
      type: 'vote',
      id,
      links: { self: `https://www.virustotal.com/api/v3/votes/${id}` },
      attributes,
    };
    this.#votes.set(thing, { verdict, body });
    return body;
  }
}

function commentPrefix(kind: Kind): string {
  return kind === 'ip' ? 'i' : kind.slice(0, 1);
}
