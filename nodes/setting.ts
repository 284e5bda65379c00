import { quote, VirusTotalError } from '../src/errors';
import { numberOf, rangeText, type ChoiceOption, type NumberOption } from '../src/options';

/** A setting that is one of several words. @throws VirusTotalError `VT_CONFIG` for any other */
export function choiceSetting<const T extends readonly string[]>(
  name: string,
  { choices, default: byDefault }: ChoiceOption<T>,
  value: unknown,
): T[number] {
  if (value === undefined || value === null || value === '') return byDefault;
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw notValid(name, value, `one of ${choices.join(', ')}`);
}

/** A setting that is a number. @throws VirusTotalError `VT_CONFIG` for one out of range, and for what is no number */
export function numberSetting(name: string, option: NumberOption, value: unknown): number {
  const number = numberOf(option, value);
  if (number !== undefined) return number;
  throw notValid(name, value, rangeText(option));
}

function notValid(name: string, value: unknown, must: string): VirusTotalError {
  return new VirusTotalError(
    'VT_CONFIG',
    `Not valid: ${name} is ${quote(String(value))}; it must be ${must}`,
  );
}
