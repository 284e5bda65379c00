import { corpus } from '../../tools/ioc-corpus/corpus';
import { logs } from './logs';
import { textOf } from './score';

const texts = Object.values(corpus)
  .flat()
  .map(([value]) => textOf(value));

function filled(pieces: readonly string[], length: number): string {
  let text = '';
  for (let index = 0; text.length < length; index++) text += `${pieces[index % pieces.length] ?? ''}\n`;
  return text;
}

const PROSE =
  'Dear colleagues, the review of last week showed that two of the machines in the second office were started at night. ' +
  'No one has an explanation yet, and the people who could know are on leave until Monday. Please keep the logs. ';

/** What is searched for the speed: the corpus itself, and texts as flows get them. */
export const workloads: Readonly<Record<string, readonly string[]>> = {
  'the corpus, text by text': texts,
  'the corpus as one text': [texts.join('\n')],
  'an HTML mail of 20 kB': [
    filled(
      [
        `<p style="margin:0;font-family:'Segoe UI'">${PROSE}</p>`,
        '<p>See <a href="https://baddomain.com/pay?id=7&amp;l=en">this</a></p>',
      ],
      20_000,
    ),
  ],
  'logs of products, line by line': logs.map(([value]) => textOf(value)),
  'a log of 1 MB': [
    filled(
      [
        'Mar  1 04:22:17 gw sshd[2211]: Failed password for root from 45.77.12.34 port 52914 ssh2',
        'Mar  1 04:22:18 gw systemd[1]: Started session 4112 of user jane.',
        'Mar  1 04:22:19 gw named[811]: client 10.0.0.5#53122 (baddomain.com): query: baddomain.com IN A +E(0)K',
      ],
      1_000_000,
    ),
  ],
};
