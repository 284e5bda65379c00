import { dialogOf, type Dialog } from './dialog';
import { asText, fieldsOf, textIn } from './fields';
import { instanceRule } from './instance-rule';
import { numberRules } from './number-rules';
import { textsOf } from './texts';

const TYPE = 'virustotal-watch';
/** HH:MM, or nothing. */
const DAY_TIME = /^\s*(([01]?\d|2[0-3]):[0-5]\d\s*)?$/;

/** The dialog of the watch node. */
export function watchDialog(): Dialog {
  const t = textsOf(TYPE);
  const fields = fieldsOf(TYPE);

  return dialogOf(TYPE, {
    rules: {
      ...numberRules(TYPE, t, { whole: 'error.number', fraction: 'error.fraction' }),
      server: instanceRule(t, () => true),
      digestAt: (value) => DAY_TIME.test(asText(value)) || t('error.digestAt'),
    },
    palette: 'label.palette',
    outputLabels: (node) => node._('port.change'),
    prepare() {
      const show = (): void =>
        void $('#node-input-format')
          .closest('.form-row')
          .toggle(textIn(fields('digestAt')).trim() !== '');
      fields('digestAt').on('change input', show);
      return show;
    },
  });
}
