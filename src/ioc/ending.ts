import { domainToASCII } from 'node:url';
import { parse } from 'tldts';
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

const OTHER_ROOTS = 'bazar bit coin emc lib';

const DOUBTFUL =
  // files
  'zip mov py sh rs md so ps pm mk tf cab java php map properties do ' +
  // members of objects, keys of settings, words of templates
  'call data date foo bar fail final free how id like name new next now one open pid post prod read run save select show ' +
  'style tab target type private test example invalid home';

const WORD =
  'ac ad ads ai am app as at audio auto baby be best bio blog book box build bz cam camera cards care cash cc center chat ' +
  'city click cloud club codes coffee contact cool day deal delivery design dev diet digital direct directory dm ' +
  'dog domains download earth eat email energy engineering equipment events exchange expert express family fan fast ' +
  'film finance fire fit flights fly forum fun fund fyi game games gift gives global gold graphics group guide guru help ' +
  'here hm host hosting hot house icu ie im in inc info ink int io is it je land law lease legal life lighting limited ' +
  'link live loan love ltd luxe management map market marketing me media meet memorial menu mg ml mn moe mom money ms mt ' +
  'my mz name navy network news no observer off online page parts party pay phone photo photos pics pictures pin ' +
  'ping pink place play plus poker press pro productions promo property pub pw quest radio re recipes red rehab reise ' +
  'reisen rent rentals repair report rest review reviews rich rip rocks rodeo room sale sc school science search secure ' +
  'security select services sh shop show site sk sky sl social software solar solutions space st storage store stream ' +
  'studio study style sucks supplies supply support surf sv systems talk tax team tech tel tickets tips tires tk to today ' +
  'tools top total tours town toys trade trading training travel trust tube tv us vc vi video vip vision vote voyage ' +
  'watch way webcam website wiki win wine work works world wtf yoga zone';

const KNOWN = new Map<string, Ending>();
for (const label of WORD.split(' ')) KNOWN.set(label, 'word');
for (const label of DOUBTFUL.split(' ')) KNOWN.set(label, 'doubtful');
for (const label of OTHER_ROOTS.split(' ')) KNOWN.set(label, 'other-root');

const CACHE_LIMIT = 5000;
const cache = new Map(KNOWN);

/** What the last label of a name, as written, says of the name. */
export function endingOf(label: string): Ending {
  if (label.length < 2 || label.length > 63) return 'unknown';
  const lower = label.toLowerCase();
  const known = cache.get(lower);
  if (known !== undefined) return known;
  const ending = readEnding(lower);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(lower, ending);
  return ending;
}

function readEnding(label: string): Ending {
  const known = KNOWN.get(label);
  if (known !== undefined) return known;
  // eslint-disable-next-line no-control-regex
  const ascii = /^[\x00-\x7f]*$/.test(label) ? label : domainToASCII(label);
  if (ascii === '') return 'unknown';
  if (specialUseSuffix(ascii) !== undefined) return 'special';
  return parse(`a.${ascii}`, { extractHostname: false, validateHostname: false }).isIcann === true
    ? 'name'
    : 'unknown';
}
