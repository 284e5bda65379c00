import { OPTIONS } from '../src/options';
import { dialogOf, type Dialog } from './dialog';
import { fieldsOf, isOn, isVariable, shownIn } from './fields';
import { instanceRule } from './instance-rule';
import { numberRules } from './number-rules';
import { placeRule } from './place-rule';
import { textsOf } from './texts';

const TYPE = 'virustotal-stix';
const { attackPatterns } = OPTIONS[TYPE];

/** The dialog of the STIX node. */
export function stixDialog(): Dialog {
  const t = textsOf(TYPE);
  const fields = fieldsOf(TYPE);

  // The techniques of a file are one more lookup, and nothing else here needs an instance.
  const asksVirusTotal = (node: Readonly<Record<string, unknown>>): boolean => {
    const field = fields('attackPatterns');
    const isAsked = field.length > 0 ? shownIn(field) : node['attackPatterns'];
    return isVariable(isAsked) || isOn(isAsked, attackPatterns.default);
  };

  return dialogOf(TYPE, {
    rules: {
      ...numberRules(TYPE, t, { whole: 'error.number' }),
      server: instanceRule(t, (_value, node) => asksVirusTotal(node)),
      property: placeRule(t, { wrong: 'error.property' }),
    },
    palette: 'label.palette',
    outputLabels: (node) => node._('port.bundle'),
    prepare(node) {
      fields('property').typedInput({ types: ['msg'] });
      fields('attackPatterns').on('change', () => {
        $('.vt-lookup').toggle(asksVirusTotal(node));
      });
    },
  });
}
