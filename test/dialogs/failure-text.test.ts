import { expect } from 'chai';
import { inOwnWords } from '../../editor/failure-text';
import { withFields } from '../support/editor-stand-in';
import { catalogue } from '../support/node-files';

/** What an editor in this language makes of Node-RED's English text. */
function said(message: string, language: string): string {
  const t = (key: string, values: Record<string, unknown> = {}): string => {
    const text =
      catalogue('virustotal-config', values['lng'] === 'en-US' ? 'en-US' : language).get(key) ?? '';
    if (values['skipInterpolation']) return text;
    return text.replace(/__(\w+?)__/g, (_blank, name: string) => String(values[name]));
  };
  return withFields({}, () => inOwnWords(t as never, message), { i18n: { lang: () => language } });
}

describe("The reason of a failed key test in the editor's language", () => {
  for (const language of ['de', 'fr', 'ja', 'zh-CN'])
    it(`has the name and value of the English text in ${language}, or its code`, () => {
      const english = catalogue('virustotal-config', 'en-US');
      for (const [key, text] of english) {
        if (!key.startsWith('detail.')) continue;
        const message = text.replace(/__(\w+?)__/g, '$1.example');
        const own = said(`${message}.`, language);
        expect(own, key).to.not.equal(`${message}.`);
        for (const [value] of message.matchAll(/\w+\.example/g)) expect(own, key).to.include(value);
      }
    });

  it("quotes VirusTotal's own words", () => {
    expect(said('VirusTotal refuses the key (401: WrongCredentialsError, Wrong API key)', 'de')).to.equal(
      'VirusTotal: 401: WrongCredentialsError, Wrong API key',
    );
  });

  it('stays in English in an English editor', () => {
    expect(said('whatever it is', 'en-GB')).to.equal('whatever it is');
  });
});
