/**
 * Words by which a dotted name is told from a domain. Each table is data, and each word has a sentence in
 * test/ioc/name-words.test.ts that is read otherwise without it.
 */

/** Endings of files that are top-level domains too. */
export const FILE_EXTENSION_TLDS = words(
  'pl cc ml in am la st bz ms sc vi is pub inc as ai pt cat mo mm mobi gd',
);

/** Names of things in programs: with a word after the dot they are code, as `user.email`, `logger.info`, `http.host`. */
export const CODE_IDENTIFIERS = words(
  'a acc account actions agent alert app arg args array attr auth axios base body btn button buf bug ' +
    'cache callback cat cb cell certificate cfg child client cls code col column conf config connection ' +
    'console const context cookie core ctx cur cursor data date db def default destination device dict ' +
    'div dns doc document dom e el elem element email entity entry env err error event events ex exc ' +
    'exports ext f factory fd field file files fn foo form frame fs function g global graph group grid h ' +
    'handler hash header headers host http i id img index info input instance interface item items j job ' +
    'jquery js json k key kwargs label lang layout left lib line link list loader log logger logging logs ' +
    'm main map match math menu message meta method model module msg my name net network next nil node ' +
    'null num number o obj object observer on opts option options order org os out output p package page ' +
    'pandas panel param params parent parser path payload person pkg player plugin point pool pos prev ' +
    'process product project promise prop props proto proxy ptr query queue r re record redis ref reg ' +
    'related repo req request res resource response result ret right root route router row rule s sample ' +
    'schema scipy scope screen script self sender service session set settings shape signal size socket ' +
    'sort source spec src stack stage state stats status std step storage store str stream string struct ' +
    'style super svc sync sys system t tab table tag target task td temp template test text tf this ' +
    'thread threat ticket time timer tls tmp token torch tr tree tx type ui ul unit uri url user users ' +
    'util utils v val value values var vector vehicle view vm vue web win window wp writer ws x xhr xml y ' +
    'z',
);

/** Of these, the ones that no host is named as: `req.headers.host`. */
export const CODE_OBJECTS = words(
  'arg args argv ctx context document e el elem element err error evt event exports globals item json ' +
    'kwargs location math module node obj object os params process props req request res response self ' +
    'state sys this util window xhr',
);

/** Top-level domains that members of objects and parts of programs are named as. */
export const CODE_TLDS = words(
  'app art audio auto bar best bid black blog blue book box build call camera cards care case cat ' +
    'center channel chat city click cloud codes community company computer contact country credit data ' +
    'date day deal delivery design dev digital direct directory docs domains download drive education ' +
    'email energy events exchange expert express fail family feedback film final finance financial fire ' +
    'fit food forum foundation free fun fund game games gift global gold graphics green group guide ' +
    'health help here host hosting house how id in info ing insurance int international is it jobs land ' +
    'law legal life lighting limited link live loan love map market marketing markets md me media menu ' +
    'mobi mobile money movie ms name network new news next no now office one online open organic page ' +
    'parts partners pay phone photo photos pics pictures pin place play plus pm post press pro prod ' +
    'productions promo properties property protection ps pub py read red rent repair report rest review ' +
    'reviews rocks room rs run safe sale save school science search security select services sh shop ' +
    'shopping show singles site so social software solutions space spot st storage store stream studio ' +
    'study style supplies supply support surf systems team tech technology tf tickets tips to today tools ' +
    'top tours town trade trading training travel trust tv vi video vision vote watch web win windows ' +
    'work works world ws zone',
);

/** Words that a sentence ends or begins with where a space is missing: "fixed it.no idea". */
export const SMALL_WORDS = words('it that so him them us you me done here there now then');

/** Reversed domains that packages begin with, and roots of packages. */
export const PACKAGE_ROOTS = words(
  'com org net edu gov io java javax jdk sun android androidx kotlin kotlinx scala system microsoft ' +
    'windows de fr uk ch nl',
);

/** Top-level domains that no package and no name of malware ends in. */
export const NOT_PACKAGE_TLDS = words(
  'com net org info biz ru cn de fr uk jp br in eu us ca au it es pl nl ch at be xyz top',
);

/** Top-level domains that people write with a capital letter, as in `Example.Com`. */
export const CAPITALIZED_TLDS = words(
  'com net org info biz ru de cn xyz icu fr uk eu pl nl br kr jp pw cc su ua',
);

/** Top-level domains that no member of an object is named as: `baddomain.com(45.77.12.34)` isn't a call. */
export const NEVER_CALLED_TLDS = words(
  'com org ru cn de fr uk jp br kr pl nl es eu ua tr xyz icu edu gov biz',
);

/** Products and parts of programs that are spelled like a domain, by their last label. */
export const PRODUCT_DOMAINS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['net', words('asp ado vb ml paint json accord system java javax')],
  ['io', words('java engine skimage astropy')],
  ['security', words('java')],
  ['med', words('dr')],
]);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
