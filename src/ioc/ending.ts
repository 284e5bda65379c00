import { domainToASCII } from 'node:url';
import { parse } from 'tldts';
import { isTopLevelWithoutRule } from './domain';
import { specialUseSuffix } from './special-use';

/**
 * What the last label of a dotted name says of it in a text that says nothing else:
 * - `name`: a top-level domain, and hardly anything else;
 * - `word`: a top-level domain that is also a word of programs, as `info`: it depends on the name before it;
 * - `doubtful`: a top-level domain that far more often ends a file name or a member in code, as `zip` or `id`;
 * - `special`: a special-use or internal name;
 * - `other-root`: a root outside the DNS that malware resolves by its own means (Namecoin, Emercoin, OpenNIC);
 * - `unknown`: no top-level domain.
 */
export type Ending = 'name' | 'word' | 'doubtful' | 'special' | 'other-root' | 'unknown';

const LISTED: ReadonlyMap<string, Ending> = new Map([
  ...labels('com net org edu gov mil biz', 'name'),
  // Of two letters: words, units, extensions.
  ...labels('ac ad ai am as at be bz cc dm fm hm ie im in io is it je la me mg ml mn ms mt my mz no', 'word'),
  ...labels('pw re sc sk sl st sv tk to tv us vc vi ws', 'word'),
  // Files.
  ...labels('zip mov py sh rs md so ps pm mk tf cab java php map properties do', 'doubtful'),
  // Members of objects, keys of settings, words of templates.
  ...labels(
    'call data date foo bar fail final free how id like name new next now one open pid post prod',
    'doubtful',
  ),
  ...labels('read run save select show style tab target type private test example invalid home', 'doubtful'),
  ...labels('bazar bit coin emc lib', 'other-root'),
]);

function labels(list: string, ending: Ending): [string, Ending][] {
  return list.split(' ').map((label) => [label, ending]);
}

const CACHE_LIMIT = 5000;
const cache = new Map<string, Ending>();

/** What the last label of a name, as written, says of the name. */
export function endingOf(label: string): Ending {
  if (label.length < 2 || label.length > 63) return 'unknown';
  const known = cache.get(label);
  if (known !== undefined) return known;
  const lower = label.toLowerCase();
  const ending = LISTED.get(lower) ?? readEnding(lower);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(label, ending);
  return ending;
}

function readEnding(label: string): Ending {
  // eslint-disable-next-line no-control-regex
  const ascii = /^[\x00-\x7f]*$/.test(label) ? label : domainToASCII(label);
  if (ascii === '') return 'unknown';
  if (specialUseSuffix(ascii) !== undefined) return 'special';
  const { isIcann } = parse(`a.${ascii}`, { extractHostname: false, validateHostname: false });
  if (isIcann !== true) return isTopLevelWithoutRule(ascii) ? 'name' : 'unknown';
  // Nearly all of the new top-level domains are English words.
  return ascii.length === 2 || ascii.startsWith('xn--') ? 'name' : 'word';
}
