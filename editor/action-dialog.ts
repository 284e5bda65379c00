import { OPTIONS } from '../src/options';
import { dialogOf, type Dialog } from './dialog';
import { asText, chosen, fieldsOf, textIn } from './fields';
import { instanceRule } from './instance-rule';
import { placeRule } from './place-rule';
import { textsOf } from './texts';
import { prepareTrial } from './search-trial';

const TYPE = 'virustotal';
/** What this node and those behind it write into a message. */
const TAKEN = ['virustotal', 'parts', 'analysis', 'analyses', 'error', '_msgid'];

/** The dialog of the action node. */
export function actionDialog(): Dialog {
  const t = textsOf(TYPE);
  const fields = fieldsOf(TYPE);

  const asksVirusTotal = (node: Readonly<Record<string, unknown>>): boolean =>
    chosen(fields, 'via', node) !== 'dxl';
  const existing = instanceRule(t, (_value, node) => asksVirusTotal(node));
  const place = placeRule(t, { wrong: 'error.output', taken: { key: 'error.taken', properties: TAKEN } });

  function showFields(): void {
    const action = textIn(fields('action'));
    const asks = asksVirusTotal({});
    $('#vt-source-label').text(t('source.' + action));
    $('#vt-source-tip').text(t('sourceTip.' + action));
    $('.vt-asks').toggle(asks);
    $('.vt-search').toggle(action === 'search');
    $('.vt-search.vt-asks').toggle(action === 'search' && asks);
  }

  return dialogOf(TYPE, {
    rules: {
      server(value, node) {
        const refused = existing(value, node);
        if (refused !== true || !asksVirusTotal(node)) return refused;
        return RED.nodes.node(value)?.valid !== false || t('error.serverInvalid');
      },
      source(value, node) {
        const type = asText(chosen(fields, 'sourceType', node)) || OPTIONS[TYPE].sourceType.default;
        if (!asText(value).trim()) return t('error.noSource');
        return (
          type === 'str' ||
          type === 'env' ||
          RED.utils.validateTypedProperty(value, type === 'path' ? 'msg' : type, {})
        );
      },
      output: (value, node) => !asksVirusTotal(node) || place(value, node),
    },
    palette: 'label.palette',
    label: (node) =>
      node.name || node._('label.node', { action: node._('action.' + asText(node['action'])) }),
    outputLabels: (node) => node._(node['via'] === 'dxl' ? 'port.request' : 'port.report'),
    prepare() {
      fields('source').typedInput({
        types: OPTIONS[TYPE].sourceType.choices.map((type) =>
          type === 'path' ? { value: type, label: t('sourceType.path'), hasValue: true } : type,
        ),
        typeField: '#node-input-sourceType',
      });
      fields('output').typedInput({ types: ['msg'] });
      fields('action').on('change', showFields);
      fields('via').on('change', () => {
        showFields();
        fields('output').trigger('keyup');
      });
      prepareTrial(fields, t);
      showFields();
    },
  });
}
