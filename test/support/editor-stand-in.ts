import { DIALOGS } from '../../editor/dialogs';
import type { NodeType } from '../../src/options';

/** What a field of an open dialog shows, by property: text, or whether a switch is on. */
type Shown = Readonly<Record<string, string | boolean>>;

let shown: Shown = {};

/** An element of the page, as far as the dialogs' code reads and writes it. */
class Element {
  readonly length: number;
  #text = '';

  constructor(private value: string | boolean | undefined) {
    this.length = value === undefined ? 0 : 1;
  }

  val(value?: string): string | undefined | this {
    if (value === undefined) return typeof this.value === 'boolean' ? 'on' : this.value;
    this.value = value;
    return this;
  }

  prop(): unknown {
    return this.value === true;
  }

  is(selector: string): boolean {
    return selector === ':checkbox' && typeof this.value === 'boolean';
  }

  text(text?: string): string | this {
    if (text === undefined) return this.#text;
    this.#text = text;
    return this;
  }

  toggle(): this {
    return this;
  }
}

const elements = new Map<string, Element>();

function find(selector: string): Element {
  const known = elements.get(selector);
  if (known) return known;
  const property = selector.replace(/^#node-(config-)?input-/, '');
  const element = new Element(Object.hasOwn(shown, property) ? shown[property] : undefined);
  elements.set(selector, element);
  return element;
}

/** A text's key and the values for its blanks: what a person is told, in no language. */
function say(key: string, values: object = {}): string {
  const filled = Object.entries(values).map(([name, value]) => `${name}=${String(value)}`);
  return [key.replace(/^.*:/, ''), ...filled].join(' ');
}

const RED_STAND_IN = {
  _: say,
  i18n: { lang: () => 'en-US' },
  nodes: { node: () => undefined },
  utils: {
    validatePropertyExpression: (text: string) => text !== '' || 'empty',
    normalisePropertyExpression: (text: string) => text.split('.'),
    validateTypedProperty: () => true,
  },
};

/** Runs this as in a page of the editor with an open dialog that shows these values; by default no dialog is open. */
export function withFields<T>(fields: Shown, act: () => T, red: object = {}): T {
  const before = shown;
  shown = fields;
  elements.clear();
  Object.assign(globalThis, { RED: { ...RED_STAND_IN, ...red }, $: find });
  try {
    return act();
  } finally {
    shown = before;
  }
}

/**
 * What the dialog of a node says of a value while no dialog is open, or within `withFields`: true, or the key of the reason why it is
 * refused. @param node as it is saved
 */
export function check(type: string, property: string, value: unknown, node: object = {}): boolean | string {
  const dialog = DIALOGS[type as NodeType]();
  if (!dialog.checked.includes(property)) throw new Error(`${type} does not check ${property}`);
  const validate = dialog.check(property);
  // Node-RED shows a reason only if the function has two parameters.
  if (validate.length !== 2) throw new Error(`The reasons of ${property} are not shown`);
  const verdict = withFields(shown, () => validate.call(node, value, {}));
  return typeof verdict === 'string' ? (verdict.split(' ')[0] ?? '') : verdict;
}
