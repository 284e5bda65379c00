/**
 * A text as it was before somebody defanged, encoded or escaped it, with the way back: every position of it can be
 * traced to the text as it stood.
 */
export class Refanged {
  readonly text: string;
  readonly #source: string;
  /** Parallel lists: a stretch of `text` begins at `#at[i]` and came from `#from[i]` of the source. */
  readonly #at: number[];
  readonly #from: number[];
  /** Positions in `text` of dots that stood defanged, in ascending order. */
  readonly #dots: number[];

  constructor(source: string, text: string, at: number[], from: number[], dots: number[]) {
    this.#source = source;
    this.text = text;
    this.#at = at;
    this.#from = from;
    this.#dots = dots;
  }

  /** The stretch from `start` to `end` of the refanged text, as it stood. */
  asItStood(start: number, end: number): string {
    if (this.#at.length === 0) return this.text.slice(start, end);
    return this.#source.slice(this.#origin(start), this.#origin(end, true));
  }

  /** Whether a dot between `start` and `end` stood defanged: nobody does that to a file name. */
  hasDefangedDot(start: number, end: number): boolean {
    const index = lowerBound(this.#dots, start);
    const dot = this.#dots[index];
    return dot !== undefined && dot < end;
  }

  #origin(position: number, isEnd = false): number {
    const found = lowerBound(this.#at, position + 1) - 1;
    if (found < 0) return position;
    const at = this.#at[found] ?? 0;
    const from = this.#from[found] ?? 0;
    if (!isEnd || at < position) return from + position - at;
    // An end that falls on the start of a stretch belongs to the stretch before it.
    const before = this.#at[found - 1] ?? 0;
    const beforeFrom = this.#from[found - 1] ?? 0;
    return this.#isReplaced(found - 1) ? from : beforeFrom + position - before;
  }

  #isReplaced(index: number): boolean {
    return index >= 0 && index % 2 === 0;
  }
}

/** The first index whose value is not below `value`. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const LABEL = 'a-z0-9\\u00c0-\\uffdc';

/** What stands for something else. Each alternative is found by its first characters and repeats nothing without a bound. */
const DISGUISES = new RegExp(
  [
    // evil[.]com, evil (dot) com, evil{.}com
    String.raw`(?<dot> ?[[({<]{1,2} ?(?:\.|dot|punkt|point|punto|ponto) ?[\])}>]{1,2} ?|(?<=[${LABEL}])(?:\[\.|\.\]|\(\.|\.\))(?=[${LABEL}]))`,
    // evil dot com
    String.raw`(?<word>(?<=[${LABEL}]) dot (?=[${LABEL}]))`,
    // evil\.com
    String.raw`(?<escaped>(?<=[${LABEL}])\\\.(?=[${LABEL}]))`,
    // evil．com
    String.raw`(?<wide>(?<=[${LABEL}])[\u2024\uff0e]|(?<=[a-z0-9])[\u3002\uff61](?=[a-z0-9]))`,
    String.raw`(?<slashes>\[:\/\/\]|\(:\/\/\)|\{:\/\/\}|\[:\/\]\/|\[:\]\/\/|:\\\/\\\/|:\[\/\/\])`,
    String.raw`(?<colon>[[({]:[\])}])`,
    String.raw`(?<slash>[[({]\/[\])}]|\\\/)`,
    String.raw`(?<at> ?[[({](?:@|at)[\])}] ?)`,
    String.raw`(?<s>(?<=h[tx]{2}p)\[s\])`,
    String.raw`(?<nothing>[\u00ad\u200b-\u200d\u2060\ufeff])`,
    String.raw`&(?<entity>amp|lt|gt|quot|apos|nbsp|period|colon|sol|commat|#\d{1,7}|#x[0-9a-f]{1,6});`,
    String.raw`\\u00(?<unicode>26|3c|3d|3e|22|27)`,
  ].join('|'),
  'gi',
);

const MAY_BE_DISGUISED = /[[({<\\&\u00ad\u200b-\u200d\u2024\u2060\u3002\ufeff\uff0e\uff61]| dot /i;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  period: '.',
  colon: ':',
  sol: '/',
  commat: '@',
};

/** Undoes what people, mail programs and JSON do to an indicator on its way, as `hxxps[:]//evil[.]com` and `&amp;`. */
export function refang(source: string): Refanged {
  if (!MAY_BE_DISGUISED.test(source)) return new Refanged(source, source, [], [], []);
  const at: number[] = [];
  const from: number[] = [];
  const dots: number[] = [];
  const parts: string[] = [];
  let length = 0;
  let done = 0;
  for (const match of source.matchAll(DISGUISES)) {
    const plain = meaning(match);
    if (plain === undefined) continue;
    parts.push(source.slice(done, match.index), plain);
    length += match.index - done;
    if (match.groups?.['dot'] !== undefined || match.groups?.['word'] !== undefined) dots.push(length);
    at.push(length, length + plain.length);
    from.push(match.index, match.index + match[0].length);
    length += plain.length;
    done = match.index + match[0].length;
  }
  if (done === 0) return new Refanged(source, source, [], [], []);
  parts.push(source.slice(done));
  return new Refanged(source, parts.join(''), at, from, dots);
}

function meaning({ groups = {} }: RegExpMatchArray): string | undefined {
  if (groups['entity'] !== undefined) return entity(groups['entity'].toLowerCase());
  if (groups['unicode'] !== undefined) return String.fromCharCode(parseInt(groups['unicode'], 16));
  if (groups['slashes'] !== undefined) return '://';
  if (groups['colon'] !== undefined) return ':';
  if (groups['slash'] !== undefined) return '/';
  if (groups['at'] !== undefined) return '@';
  if (groups['s'] !== undefined) return 's';
  if (groups['nothing'] !== undefined) return '';
  return '.';
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name];
  const code = name.startsWith('#x') ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
