import { isTopLevelWithoutRule } from './domain';
import { specialUseSuffix } from './special-use';
import { suffixList } from './suffix-list';
import { runtime } from '../runtime/current';

/**
 * What the last label of a dotted name says of it in a text that says nothing else:
 * - `unambiguous`: a top-level domain, and hardly anything else;
 * - `word`: a top-level domain that is also a word of programs, as `info`: it depends on the name before it;
 * - `file-extension`: a top-level domain that far more often ends a file name or a member in code, as `zip` or `id`;
 * - `special`: a special-use or internal name;
 * - `other-root`: a root outside the DNS that malware resolves by its own means (Namecoin, Emercoin, OpenNIC);
 * - `unknown`: no top-level domain.
 */
export type TldClass = 'unambiguous' | 'word' | 'file-extension' | 'special' | 'other-root' | 'unknown';

const LISTED_TLDS: ReadonlyMap<string, TldClass> = new Map([
  ...labels('com net org edu gov mil biz', 'unambiguous'),
  // Of two letters: words, units, extensions.
  ...labels('ac ad ai am as at be bz cc dm fm hm ie im in io is it je la me mg ml mn ms mt my mz no', 'word'),
  ...labels('pw re sc sk sl st sv tk to tv us vc vi ws', 'word'),
  // Files.
  ...labels('zip mov py sh rs md so ps pm mk tf cab java php map properties do', 'file-extension'),
  // Members of objects, keys of settings, words of templates.
  ...labels(
    'call data date foo bar fail final free how id like name new next now one open pid post prod',
    'file-extension',
  ),
  ...labels(
    'read run save select show style tab target type private test example invalid home',
    'file-extension',
  ),
  ...labels('bazar bit coin emc lib', 'other-root'),
]);

function labels(list: string, tld: TldClass): [string, TldClass][] {
  return list.split(' ').map((label) => [label, tld]);
}

const CACHE_LIMIT = 5000;
const cache = new Map<string, TldClass>();

/** What the last label of a name, as written, says of the name. */
export function classifyTld(label: string): TldClass {
  if (label.length < 2 || label.length > 63) return 'unknown';
  const known = cache.get(label);
  if (known !== undefined) return known;
  const lower = label.toLowerCase();
  const tld = LISTED_TLDS.get(lower) ?? lookUpTld(lower);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(label, tld);
  return tld;
}

function lookUpTld(label: string): TldClass {
  // eslint-disable-next-line no-control-regex
  const ascii = /^[\x00-\x7f]*$/.test(label) ? label : runtime.domainToAscii(label);
  if (ascii === '') return 'unknown';
  if (specialUseSuffix(ascii) !== undefined) return 'special';
  const { isIcann } = suffixList().parse(`a.${ascii}`, { extractHostname: false, validateHostname: false });
  if (isIcann !== true) return isTopLevelWithoutRule(ascii) ? 'unambiguous' : 'unknown';
  // Nearly all of the new top-level domains are English words.
  return ascii.length === 2 || ascii.startsWith('xn--') ? 'unambiguous' : 'word';
}
