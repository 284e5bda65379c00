import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import * as lists from '../../src/ioc/name-words';

/** What a sentence is to a word, and what is found in it while the word is in its list. */
interface Rows {
  readonly sentence: (word: string) => string;
  /** Nothing, for a name that is no domain. */
  readonly found?: (word: string) => string;
  readonly words: string;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** For each list, sentences whose reading depends on a word of it: without the word they are read otherwise. */
const ROWS: Readonly<Record<string, readonly Rows[]>> = {
  CODE_IDENTIFIERS: [
    {
      sentence: (word) => `return ${word}.link;`,
      words:
        'acc account actions agent alert app array attr auth axios base body btn button buf bug cache ' +
        'callback cat cb cell certificate cfg child client cls code col column conf config connection console ' +
        'const cookie core cur cursor data date db def default destination device dict div dns doc dom email ' +
        'entity entry env events ex exc ext factory fd field file files fn foo form frame fs function global ' +
        'graph group grid handler hash header headers host http id img index info input instance interface ' +
        'items job jquery js key label lang layout left lib line link list loader log logger logging logs ' +
        'main map match menu message meta method model msg my name net network next nil null num number ' +
        'observer on opts option options order org out output package page pandas panel param parent parser ' +
        'path payload person pkg player plugin point pool pos prev product project promise prop proto proxy ' +
        'ptr query queue re record redis ref reg related repo resource result ret right root route router row ' +
        'rule sample schema scipy scope screen script sender service session set settings shape signal size ' +
        'socket sort source spec src stack stage stats status std step storage store str stream string struct ' +
        'style super svc sync system tab table tag target task td temp template test text tf thread threat ' +
        'ticket time timer tls tmp token torch tr tree tx type ui ul unit uri url user users utils val value ' +
        'values var vector vehicle view vm vue web win wp writer ws xml',
    },
    {
      sentence: (word) => `if (this.${word}.lt === limit) return`,
      words:
        'a arg args context ctx document e el elem element err error event exports f g h i item j json k ' +
        'kwargs m math module node o obj object os p params process props r req request res response s self ' +
        'state sys t this util v window x xhr y z',
    },
  ],
  CODE_OBJECTS: [
    {
      sentence: (word) => `const host = ${word}.headers.host;`,
      words:
        'arg args argv ctx context document e el elem element err error evt event exports globals item json ' +
        'kwargs location math module node obj object os params process props req request res response self ' +
        'state sys this util window xhr',
    },
  ],
  CODE_TLDS: [
    {
      sentence: (word) => `const value = req.zebra.${word};`,
      words:
        'app art audio auto best bid black blog blue book box build camera cards care case cat center channel ' +
        'chat city click cloud codes community company computer contact country credit day deal delivery ' +
        'design dev digital direct directory docs domains download drive education email energy events ' +
        'exchange expert express family feedback film finance financial fire fit food forum foundation fun ' +
        'fund game games gift global gold graphics green group guide health help here host hosting house in ' +
        'info ing insurance int international is it jobs land law legal life lighting limited link live loan ' +
        'love market marketing markets me media menu mobi mobile money movie ms network news no office online ' +
        'organic page parts partners pay phone photo photos pics pictures pin place play plus press pro ' +
        'productions promo property protection pub red rent repair report rest review reviews rocks room ' +
        'safe sale school science search security services shop shopping singles site social software ' +
        'solutions space spot st storage store stream studio study supplies supply support surf systems team ' +
        'tech technology tickets tips to today tools top tours town trade trading training travel trust tv vi ' +
        'video vision vote watch web win windows work works world ws zone',
    },
    {
      sentence: (word) => `host: req.zebra.${word}`,
      words:
        'bar call data date fail final free how id map md name new next now one open pm post prod ps properties ' +
        'py read rs run save select sh show so style tf',
    },
  ],
  SMALL_WORDS: [
    {
      sentence: (word) => `we looked at ${word}.no idea why`,
      words: 'it that so him them us you me done here there now then',
    },
  ],
  PACKAGE_ROOTS: [
    {
      sentence: (word) => `class ${word}.acme.mail.services was loaded`,
      words:
        'com org net edu gov io java javax jdk sun android androidx kotlin kotlinx scala system microsoft ' +
        'windows de fr uk ch nl',
    },
  ],
  NOT_PACKAGE_TLDS: [
    {
      sentence: (word) => `seen com.acme.${word}`,
      found: (word) => `com.acme.${word}`,
      words: 'info in us it at be xyz top',
    },
    {
      sentence: (word) => `seen Linux.acme.${word}`,
      found: (word) => `linux.acme.${word}`,
      words: 'com net org biz ru cn de fr uk jp br eu ca au es pl nl ch',
    },
  ],
  FILE_EXTENSION_TLDS: [
    {
      sentence: (word) => `edit readme.${word} first`,
      words: 'pl cc ml in am la st bz ms sc vi is pub inc as ai pt cat mo mm mobi gd',
    },
  ],
  CAPITALIZED_TLDS: [
    {
      sentence: (word) => `see Acme.${capital(word)}`,
      found: (word) => `acme.${word}`,
      words: 'com net org info biz ru de cn xyz icu fr uk eu pl nl br kr jp pw cc su ua',
    },
  ],
  NEVER_CALLED_TLDS: [
    {
      sentence: (word) => `acme.${word}(port 443)`,
      found: (word) => `acme.${word}`,
      words: 'com org ru cn de fr uk jp br kr pl nl es eu ua tr xyz icu edu gov biz',
    },
  ],
  PRODUCT_DOMAINS: [
    {
      sentence: (word) => `runs ${word} on the server`,
      words:
        'asp.net ado.net vb.net ml.net paint.net json.net accord.net system.net java.net javax.net java.io engine.io skimage.io ' +
        'astropy.io java.security dr.med',
    },
  ],
  'stems of files': [
    {
      sentence: (word) => `edit ${word}.pl first`,
      words:
        'main index readme setup install installer uninstall script test tests config configure makefile ' +
        'rules run build update updater util utils init command common type types backup deploy license ' +
        'changelog start stop app core model checkpoint weights driver messages appdelegate viewcontroller ' +
        'book ebook player libcrypto',
    },
  ],
  'first labels of hosts': [
    {
      sentence: (word) => `seen ${word}.acme.zip`,
      found: (word) => `${word}.acme.zip`,
      words: 'www www2 mail smtp imap pop pop3 mx mx2 ns ns1 ftp sftp vpn webmail login cdn api c2 cnc',
    },
  ],
  'roots of names of malware': [
    {
      sentence: (word) => `detected as ${capital(word)}.Zebra.Ab.me`,
      words:
        'trojan backdoor ransom exploit worm virus adware riskware hacktool application pua pup heur gen ' +
        'variant win32 win64 w32 w97m linux msil vbs html unsafe malware packed rootkit downloader dropper ' +
        'spyware',
    },
  ],
};

describe('The word lists that tell a name from a domain', () => {
  for (const [list, groups] of Object.entries(ROWS)) {
    describe(list, () => {
      for (const { sentence, found, words } of groups) {
        for (const word of words.split(' ')) {
          it(sentence(word), () => {
            const values = extractIocs(sentence(word)).iocs.map(({ value }) => value);
            expect(values).to.deep.equal(found === undefined ? [] : [found(word)]);
          });
        }
      }

      it(`change nothing for a word that is not in ${list}`, () => {
        for (const { sentence, found } of groups) {
          const other = list.endsWith('TLDS') ? (found === undefined ? 'vegas' : 'tf') : 'zebra';
          if (list === 'PRODUCT_DOMAINS') continue;
          const { length } = extractIocs(sentence(other)).iocs;
          expect(length, sentence(other)).to.equal(found === undefined ? 1 : 0);
        }
      });
    });
  }

  it('have a test sentence for every word', () => {
    for (const [name, list] of Object.entries(lists)) {
      const words =
        list instanceof Map
          ? [...list].flatMap(([last, firsts]: [string, ReadonlySet<string>]) =>
              [...firsts].map((first) => `${first}.${last}`),
            )
          : [...list];
      const rows = (ROWS[name] ?? []).flatMap((group) => group.words.split(' '));
      expect(rows, name).to.have.members(words as string[]);
    }
  });
});
