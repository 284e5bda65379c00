import { isCount } from '../report/narrow';
import { dateAt, defined, fieldAt, listAt, textAt } from './clean';

/** What somebody wrote, as text on one line: never markup, and nothing to follow. */
export interface Comment {
  text: string;
  date?: string;
  tags?: string[];
  positive?: number;
  negative?: number;
}

/** How people voted, and the last votes. */
export interface Votes {
  harmless: number;
  malicious: number;
  latest: { verdict: 'harmless' | 'malicious'; date?: string }[];
}

/** How many comments are read. */
export const MOST_COMMENTS = 10;

/** The longest text of a comment, in characters. */
const LONGEST_COMMENT = 1_000;
const LISTED_VOTES = 10;

/** The last comments, newest first as VirusTotal lists them. */
export function readComments(data: readonly unknown[]): Comment[] {
  return data.slice(0, MOST_COMMENTS).flatMap((one) => {
    const fields = fieldAt(one, 'attributes');
    const text = textAt(fields, 'text', LONGEST_COMMENT);
    if (text === undefined) return [];
    const tags = listAt(fields, 'tags', 20).flatMap((tag) =>
      typeof tag === 'string' ? (textAt({ tag }, 'tag', 60) ?? []) : [],
    );
    const votes = fieldAt(fields, 'votes');
    const about = {
      date: dateAt(fields, 'date'),
      tags: tags.length === 0 ? undefined : tags,
      positive: countAt(votes, 'positive'),
      negative: countAt(votes, 'negative'),
    };
    return [{ text, ...defined(about) }];
  });
}

/** The votes on a page, the newest 40: all of them on most indicators. */
export function readVotes(data: readonly unknown[]): Votes {
  const all = data.flatMap((one): Votes['latest'] => {
    const fields = fieldAt(one, 'attributes');
    const verdict = fieldAt(fields, 'verdict');
    if (verdict !== 'harmless' && verdict !== 'malicious') return [];
    return [{ verdict, ...defined({ date: dateAt(fields, 'date') }) }];
  });
  const count = (wanted: string): number => all.filter(({ verdict }) => verdict === wanted).length;
  return { harmless: count('harmless'), malicious: count('malicious'), latest: all.slice(0, LISTED_VOTES) };
}

function countAt(object: unknown, name: string): number | undefined {
  const value = fieldAt(object, name);
  return isCount(value) ? value : undefined;
}
