import { OPTIONS } from '../src/options';
import { dialogOf, type Dialog, type Rule } from './dialog';
import { chosen, fieldsOf } from './fields';
import { numberRules, typedNumber } from './number-rules';
import { placeRule } from './place-rule';
import { textsOf } from './texts';
import { showStrip } from './verdict-strip';

const TYPE = 'virustotal-report-analysis';
const { malicious, trusted, lowRate, highRate } = OPTIONS[TYPE];
/** What the node itself writes into a message. */
const WRITTEN = ['analysis', 'analyses', 'parts', '_msgid'];
/** In the order of the outputs. */
const VERDICTS = [
  'verdict.malicious',
  'verdict.trusted',
  'verdict.nomatch',
  'verdict.missing',
  'verdict.error',
];

/** The dialog of the Report Analysis node. */
export function analysisDialog(): Dialog {
  const t = textsOf(TYPE);
  const fields = fieldsOf(TYPE);
  const numbers = numberRules(TYPE, t, { whole: 'error.number', fraction: 'error.fraction' });

  /** The rules of two rates: each in its range, and the low one below the high one, as the dialog shows that now or as it is saved. */
  function ratePair(low: string, high: string): Record<string, Rule> {
    const rule =
      (own: string): Rule =>
      (value, node) => {
        const inRange = numbers[own]?.(value, node) ?? true;
        if (value === undefined) return inRange;
        const of = (name: string): number =>
          typedNumber(name === own ? value : chosen(fields, name, node), lowRate);
        const isCrossed = of(low) >= of(high);
        return isCrossed && of(own) <= highRate.max ? t('error.rates') : inRange;
      };
    return { [low]: rule(low), [high]: rule(high) };
  }

  /** A flow file may have another number, or "${VAR}": it stays. */
  function offer(
    name: string,
    numbers: readonly number[],
    value: unknown,
    textOf: (n: unknown) => string,
  ): void {
    const all = numbers.map(String).includes(String(value)) ? numbers : [...numbers, value];
    fields(name).append(all.map((n) => $('<option>', { value: String(n), text: textOf(n) })));
    fields(name).val(String(value));
  }

  return dialogOf(TYPE, {
    rules: {
      ...numbers,
      ...ratePair('lowRate', 'highRate'),
      ...ratePair('hostLowRate', 'hostHighRate'),
      property: placeRule(t, {
        wrong: 'error.property',
        taken: { key: 'error.taken', properties: WRITTEN },
      }),
      heuristicExpression(value, node) {
        if (chosen(fields, 'heuristic', node) !== 'jsonata') return true;
        return value ? RED.utils.validateTypedProperty(value, 'jsonata', {}) : t('error.noExpression');
      },
    },
    palette: 'label.palette',
    outputLabels: (node, index) => node._(VERDICTS[index] ?? ''),
    prepare(node) {
      offer('malicious', malicious.offered, node['malicious'] ?? malicious.default, (n) => `>= ${String(n)}`);
      offer('trusted', trusted.offered, node['trusted'] ?? trusted.default, (n) =>
        n === 0 ? t('option.never') : `< ${String(n)}`,
      );
      fields('property').typedInput({ types: ['msg'] });
      fields('heuristicExpression').typedInput({ types: ['jsonata'] });
      const showVerdicts = (): void => {
        showStrip(Number(fields('malicious').val()), Number(fields('trusted').val()), t);
      };
      fields('malicious').add(fields('trusted')).on('change', showVerdicts);
      fields('heuristic').on('change', () => {
        const heuristic = String(fields('heuristic').val());
        $('.vt-expression').toggle(heuristic === 'jsonata');
        $('#vt-heuristic-tip').text(t('heuristicTip.' + heuristic));
      });
      fields('rule').on('change', () => {
        $('.vt-evidence').toggle(fields('rule').val() === 'evidence');
      });
      showVerdicts();
      return () => {
        fields('rule').trigger('change');
      };
    },
  });
}
