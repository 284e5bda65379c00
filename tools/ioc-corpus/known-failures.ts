import type { Row } from './case';

/** What a person sees and the search doesn't yet. Counted in the benchmark, not held by the tests. */
export const unsolved: Row[] = [
  ['the 1.9.x line (1.9.0.3, the last one) is frozen'],
  ['env:\n  - { name: VERSION, value: "4.3.2.1" }'],
  ['see 2.1.3.4 Scope and 2.1.3.5 Terms'],
  ['the archive notion.so was unpacked'],
  ['visit notion.so for the notes', 'domain notion.so'],
  ['the shop at zabka.rs was defaced', 'domain zabka.rs'],
  ['wir kaufen bei baddomain.zip ein', 'domain baddomain.zip'],
  ['これは悪い.jpです', 'domain xn--n8j107l.jp'],
  ['admin of baddomain dot co dot uk', 'domain baddomain.co.uk'],
  ['meow://baddomain.com/x', 'url http://baddomain.com/x'],
  ['hxxp://baddomain .com/x', 'url http://baddomain.com/x'],
  ['visit transfer.sh for the file', 'domain transfer.sh'],
  ['Acme Widget 22.1.0.3 for Windows'],
  ['Cisco ASA 9.16.4.57 is affected'],
  ['Apache Tomcat 9.0.0.M1 to 9.0.0.30'],
  ['    rails (6.1.7.4)\n    nokogiri (1.15.3)'],
  ['3.1.2.4 Network setup\n3.1.2.5 DNS setup'],
  ['extension 2.5.29.17 of 1.2.840.113549.1.1.11'],
  ['molecule.xyz and traj.dcd'],
  ['docker rm d2b6f4cd0dd74d37f46f183022e7afd729972c7ec8b12a1ba031bb14aebe0755'],
  ['the shop i❤.ws', 'domain xn--i-7iq.ws'],
];
