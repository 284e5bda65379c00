import { dialogOf, type Dialog } from './dialog';
import { OPTIONS } from '../src/options';
import { asText, chosen, fieldsOf, isOn, isVariable, shownIn, textIn } from './fields';
import { instanceRule } from './instance-rule';
import { numberRules } from './number-rules';
import { textsOf } from './texts';

const TYPE = 'virustotal-watch';
const CONSENT = OPTIONS[TYPE].consent.default;
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
      consent: (value, node) =>
        isZero(asText(chosen(fields, 'rescanAfterDays', node))) ||
        isVariable(value) ||
        isOn(value, CONSENT) ||
        t('error.consent'),
      digestAt: (value) => DAY_TIME.test(asText(value)) || t('error.digestAt'),
    },
    palette: 'label.palette',
    outputLabels: (node) => node._('port.change'),
    prepare() {
      const show = (): void => {
        $('#node-input-format')
          .closest('.form-row')
          .toggle(textIn(fields('digestAt')).trim() !== '');
        $('#vt-public').toggle(!isZero(textIn(fields('rescanAfterDays'))));
        const consent = shownIn(fields('consent'));
        $('#vt-no-consent').toggle(!isVariable(consent) && !isOn(consent, CONSENT));
      };
      for (const name of ['digestAt', 'rescanAfterDays', 'consent']) fields(name).on('change input', show);
      return show;
    },
  });
}

/** No rescans: 0, or empty, which is the default. */
function isZero(text: string): boolean {
  return Number(text.trim()) === 0;
}
