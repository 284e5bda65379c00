import { expect } from 'chai';
import { translateStatus } from '../../editor/status-line';
import { withFields } from '../support/editor-stand-in';
import { catalogue } from '../support/node-files';

type Listener = (topic: string, status: { text?: string }) => void;

/** What an editor in this language shows below a node of that type for what Node-RED sends. */
function shown(text: string, language: string, type = 'virustotal'): { text?: string; redrawn: boolean } {
  const status = { text };
  const node = { type, status };
  let [listener, redrawn]: [Listener | undefined, boolean] = [undefined, false];
  const red = {
    _: (key: string, values: Record<string, unknown> = {}) => {
      const of = values['lng'] === 'en-US' ? 'en-US' : language;
      const said = catalogue('virustotal', of).get(key.replace(/^.*:/, '')) ?? key;
      if (values['skipInterpolation']) return said;
      return said.replace(/__(\w+?)__/g, (_blank, name: string) => String(values[name]));
    },
    comms: { subscribe: (_topic: string, given: Listener) => (listener = given) },
    nodes: { node: () => node },
    view: { redrawStatus: () => (redrawn = true) },
  };
  withFields(
    {},
    () => {
      translateStatus();
      listener?.('status/n', status);
    },
    red,
  );
  return { ...status, redrawn };
}

describe('The status of a node in an editor of another language', () => {
  it('is translated part by part with its figures', () => {
    expect(shown('requesting 3/20 · about 31 min', 'de').text).to.equal(
      'wird abgefragt 3/20 · noch etwa 31 min',
    );
    expect(shown('no API key', 'de').text).to.equal('kein API-Schlüssel');
  });

  it('has the unit of a time in that language', () => {
    expect(shown('key refused, next try in 5 min', 'de').text).to.equal(
      'Schlüssel abgelehnt, nächster Versuch in 5 min',
    );
  });

  it('is unchanged when it is none of the texts or of another node', () => {
    expect(shown('of my own function', 'de').text).to.equal('of my own function');
    expect(shown('no API key', 'de', 'function')).to.deep.equal({ text: 'no API key', redrawn: false });
  });

  it('is drawn again where the editor had drawn it before', () => {
    expect(shown('no API key', 'de').redrawn).to.equal(true);
  });
});
