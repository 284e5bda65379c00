import type { Row } from './row';

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
];
