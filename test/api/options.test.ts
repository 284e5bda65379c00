import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { refusalOf } from './failing';

const refusal = (options: object) => refusalOf(() => new VirusTotalApi({ apiKey: STAND_IN_KEY, ...options }));

describe('The options of a client', () => {
  for (const apiKey of [undefined, '', '   ', null, 5]) {
    it(`refuse to work without a key: ${JSON.stringify(apiKey)}`, () => {
      expect(refusal({ apiKey })).to.include({ code: 'VT_CONFIG', retryable: false });
    });
  }

  it('refuse a key from an environment variable that is not set, and name the variable', () => {
    const error = refusal({ apiKey: '${VIRUSTOTAL_API_KEY}' });
    expect(error.code).to.equal('VT_CONFIG');
    expect(error.message).to.include('VIRUSTOTAL_API_KEY');
  });

  for (const [what, apiKey] of [
    ['a line break at its end', `${STAND_IN_KEY}\n`],
    ['a line break that would begin a header', `${STAND_IN_KEY}\r\nhost: elsewhere.test`],
    ['a space within', `${STAND_IN_KEY} ${STAND_IN_KEY}`],
    ['a space that does not look like one', `${STAND_IN_KEY}\u00a0`],
    ['a letter beyond ASCII', `${STAND_IN_KEY}é`],
  ] as const) {
    it(`refuse a key that has ${what} without quoting it`, () => {
      const error = refusal({ apiKey });
      expect(error.code).to.equal('VT_CONFIG');
      expect(`${error.message} ${error.stack}`).not.to.include(STAND_IN_KEY);
    });
  }

  for (const apiUrl of [
    'www.virustotal.com',
    'ftp://www.virustotal.com/',
    'javascript:alert(1)',
    'https://',
    'https://user:pa55word@www.virustotal.com/',
    'https://www.virustotal.com/api/v3/?a=b',
    'https://www.virustotal.com/api/v3/#a',
    'http://[',
  ]) {
    it(`refuse the API URL ${apiUrl}`, () => {
      const error = refusal({ apiUrl });
      expect(error.code).to.equal('VT_CONFIG');
      expect(error.message).to.include('API URL').and.not.to.include('pa55word');
    });
  }

  it('refuse an unknown API version', () => {
    expect(refusal({ apiVersion: 'v4' })).to.include({ code: 'VT_CONFIG' });
  });

  for (const [name, value, shown] of [
    ['timeout', 0, '0 (number)'],
    ['timeout', -1, '-1 (number)'],
    ['timeout', NaN, 'NaN (number)'],
    ['timeout', '30000', '"30000" (string)'],
    ['maxBytes', 1.5, '1.5 (number)'],
  ] as const) {
    it(`refuse ${name} ${JSON.stringify(value)} and quote it with its type`, () => {
      const error = refusal({ [name]: value });
      expect(error.code).to.equal('VT_CONFIG');
      expect(error.message).to.include(name).and.to.include(shown);
    });
  }
});
