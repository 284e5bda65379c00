import { OPTIONS, type NodeType, type NumberOption, type Option } from '../src/options';
import type { Rule } from './dialog';
import { asText } from './fields';
import { localNumber, type Texts } from './texts';

const FORMS = { whole: /^\d+$/, fraction: /^\d+(\.\d+)?$/ };

/** The number that was typed, or NaN: what `Number` reads beside it, as "0x10" or "1e3", is not for people. */
export function typedNumber(value: unknown, { whole }: Pick<NumberOption, 'whole'>): number {
  const form = whole ? FORMS.whole : FORMS.fraction;
  return form.test(asText(value).trim()) ? Number(value) : NaN;
}

/** Keys of the texts, with `min` and `max`, for what is not within the limits. */
interface LimitTexts {
  whole: string;
  /** Where a fraction is taken. */
  fraction?: string;
}

/** The rule of each number option of a node: within the limits of the table of options. */
export function numberRules(type: NodeType, t: Texts, keys: LimitTexts): Record<string, Rule> {
  return Object.fromEntries(
    Object.entries<Option>(OPTIONS[type]).flatMap(([property, option]) =>
      option.kind === 'number' ? [[property, numberRule(option, t, keys)]] : [],
    ),
  );
}

function numberRule(option: NumberOption, t: Texts, keys: LimitTexts): Rule {
  const { min, max } = option;
  const key = option.whole ? keys.whole : (keys.fraction ?? keys.whole);
  return (value) => {
    // A flow of an older version has no value; the runtime then uses the default.
    if (value === undefined) return true;
    const number = typedNumber(value, option);
    if (number >= min && number <= max) return true;
    return t(key, { min: localNumber(min), max: localNumber(max) });
  };
}
