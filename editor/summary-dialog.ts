import { OPTIONS } from '../src/options';
import { dialogOf, type Dialog } from './dialog';
import { asText, chosen, fieldsOf, textIn } from './fields';
import { numberRules } from './number-rules';
import { textsOf } from './texts';

const TYPE = 'virustotal-summary';
const { defang, titleType } = OPTIONS[TYPE];

/** Forms that programs read: what they look up must be as it is. */
const FOR_PROGRAMS = ['csv', 'json', 'object'];

/** The dialog of the summary node. */
export function summaryDialog(): Dialog {
  const t = textsOf(TYPE);
  const fields = fieldsOf(TYPE);

  return dialogOf(TYPE, {
    rules: {
      ...numberRules(TYPE, t, { whole: 'error.number', fraction: 'error.fraction' }),
      title(value, node) {
        const type = asText(chosen(fields, 'titleType', node)) || titleType.default;
        if (type === 'str' || asText(value).trim() === '') return true;
        return RED.utils.validateTypedProperty(value, type, {}) === true || t('error.title');
      },
    },
    palette: 'label.palette',
    outputLabels: (node) => node._('port.summary'),
    prepare() {
      fields('title').typedInput({
        types: [...titleType.choices],
        typeField: '#node-input-titleType',
      });
      // Node-RED says "change" once more when it has filled the fields.
      fields('format').on('change', (_event, isOpening?: boolean) => {
        if (isOpening === true) return;
        const isForPeople = !FOR_PROGRAMS.includes(textIn(fields('format')));
        fields('defang').prop('checked', isForPeople && defang.default);
      });
    },
  });
}
