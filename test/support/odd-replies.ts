import { head, list, text } from './scripted-redis';

/** RESP that no script of ours answers with. */
export const ODD_REPLIES: Record<string, string> = {
  'a word': '+OK PERHAPS\r\n',
  'the word OK': '+OK\r\n',
  'an empty text': text(''),
  'null in RESP2': '$-1\r\n',
  'null in RESP3': '_\r\n',
  'no list': '*-1\r\n',
  'an empty list': '*0\r\n',
  'a list of one': list('ok'),
  'a list of nulls': `*16\r\n${'$-1\r\n'.repeat(16)}`,
  'a list of lists': `*16\r\n${'*0\r\n'.repeat(16)}`,
  'a list of numbers': `*16\r\n${':-1\r\n'.repeat(16)}`,
  'a list of empty texts': list(...new Array<string>(16).fill('')),
  'a number': ':42\r\n',
  'a huge number': ':99999999999999999999999999\r\n',
  'a double': ',inf\r\n',
  'a boolean': '#t\r\n',
  'a map': `%1\r\n${text('found')}${text('it')}`,
  'a set': `~1\r\n${text('found')}`,
  'a big number': '(3492890328409238509324850943850943825024385\r\n',
  'a long text': text('x'.repeat(3_000_000)),
  'a long list': `*200000\r\n${':1\r\n'.repeat(200_000)}`,
  'a deep list': `${'*1\r\n'.repeat(50_000)}:1\r\n`,
  'a list longer than can be': '*99999999999\r\n',
  'bytes that are no RESP': 'HTTP/1.1 400 Bad Request\r\n\r\n',
  'decisions of another kind': list(...head('decided'), 'perhaps'),
  'more decisions than requests': list(...head('decided'), ...new Array<string>(50).fill('start')),
  'a time that is none': list(...withHead({ 2: 'soon' }), '1', '0', 'me', ''),
  'a count below zero': list(...withHead({ 4: '-5' }), '1', '0', 'me', ''),
  'a count without end': list(...withHead({ 4: '1e308' }), '1', '0', 'me', ''),
  'a day that is none': list(...withHead({ 3: '__proto__' }), '1', '0', 'me', ''),
  'a hold of another kind': list(...withHead({ 7: 'constructor', 11: '5' }), '1', '0', 'me', ''),
  'a hold for ever': list(...withHead({ 7: 'rate-limited', 10: '1', 11: 'Infinity' }), '1', '0', 'me', ''),
  'a company without us': list(...head('ok'), '1', '0', 'you', ''),
  'an instance that has no name': list(...head('ok'), '1', '0', ' ', ''),
  'a report without its time': list('found', 'b'),
};

function withHead(instead: Record<number, string>): string[] {
  return head('ok').map((each, i) => instead[i] ?? each);
}
