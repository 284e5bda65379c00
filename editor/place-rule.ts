import type { Rule } from './dialog';
import { asText } from './fields';
import type { Texts } from './texts';

interface PlaceTexts {
  /** Key of the text for what is no property of a message. */
  wrong: string;
  /** Key of the text for a property that the nodes write themselves, and these properties. The runtime refuses them too. */
  taken?: { key: string; properties: readonly string[] };
}

/** The rule of an option that names a property of the message. */
export function placeRule(t: Texts, { wrong, taken }: PlaceTexts): Rule {
  return (value) => {
    if (value === undefined) return true;
    if (RED.utils.validatePropertyExpression(value) !== true) return t(wrong);
    const [first] = RED.utils.normalisePropertyExpression(asText(value).replace(/^msg\./, ''));
    const isTaken = taken?.properties.includes(String(first)) === true;
    return !isTaken || t(taken.key, { property: first });
  };
}
