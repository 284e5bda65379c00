import { expect } from 'chai';
import { detailOf, inOwnWords } from '../../editor/failure-text';
import type { Texts } from '../../editor/texts';
import { statusFailure } from '../../src/api/status-failure';
import { withFields } from '../support/editor-stand-in';
import { catalogue } from '../support/node-files';

/** Calls a function of the dialogs in an editor of this language. */
function inEditor<T>(language: string, call: (t: Texts) => T): T {
  const t = (key: string, values: Record<string, unknown> = {}): string => {
    const text =
      catalogue('virustotal-config', values['lng'] === 'en-US' ? 'en-US' : language).get(key) ?? '';
    if (values['skipInterpolation']) return text;
    return text.replace(/__(\w+?)__/g, (_blank, name: string) => String(values[name]));
  };
  return withFields({}, () => call(t as never), { i18n: { lang: () => language } });
}

/** What an editor in this language makes of Node-RED's English text. */
function said(message: string, language: string): string {
  return inEditor(language, (t) => inOwnWords(t, message));
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

  for (const language of ['en-US', 'fr'])
    it(`of a refused key is what VirusTotal said, without the way to this dialog, in ${language}`, () => {
      const error = { code: 'WrongCredentialsError', message: 'Wrong API key' };
      const { code, message } = statusFailure('v3', { status: 401, headers: {}, said: error });
      expect(inEditor(language, (t) => detailOf(t, { code, message }))).to.equal(
        'VirusTotal: 401: WrongCredentialsError, Wrong API key',
      );
    });

  it('does not send the reader of the config dialog to that dialog', () => {
    expect(said('No API key: enter it in the VirusTotal config', 'en-US')).to.equal(
      'No API key: enter it here',
    );
  });

  it('stays in English in an English editor', () => {
    expect(said('whatever it is', 'en-GB')).to.equal('whatever it is');
  });
});
