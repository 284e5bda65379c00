import { optionNames, type NodeType } from '../src/options';
import { fieldsOf, textIn } from './fields';
import { openForm } from './form';
import type { EditorNode, Validator } from './red';

/** Whether the value of a property is taken, or the reason why it is not. @param node as it was saved */
export type Rule = (value: unknown, node: Partial<EditorNode>) => boolean | string;

/** What one dialog has of its own. */
interface Parts {
  /** By property; those without a rule take anything. */
  rules: Record<string, Rule>;
  /** Key of the label in the palette, where the node is there. */
  palette?: string;
  /** The label on the canvas; default: the name, or the label in the palette. */
  label?: (node: EditorNode) => string;
  /** Of each output, first to last. */
  outputLabels?: (node: EditorNode, index: number) => string;
  /** Makes the fields work. @returns what is to be done once they are filled, if anything is */
  prepare: (node: EditorNode) => (() => void) | void;
  /** What is done before the fields are read. */
  save?: (node: EditorNode) => void;
}

/** What the registration of a node in its html file takes from here. */
export interface Dialog {
  /** Those properties whose value may be refused. */
  readonly checked: readonly string[];
  /** The validator of a property. */
  check(property: string): Validator;
  paletteLabel(this: EditorNode): string;
  label(this: EditorNode): string;
  labelStyle(this: EditorNode): string;
  outputLabels(this: EditorNode, index: number): string | undefined;
  oneditprepare(this: EditorNode): void;
  oneditsave(this: EditorNode): void;
}

/** A dialog with what all of them do alike. */
export function dialogOf(type: NodeType, parts: Parts): Dialog {
  const { rules } = parts;
  const fields = fieldsOf(type);
  const inPalette = (node: EditorNode): string => (parts.palette ? node._(parts.palette) : type);
  return {
    checked: Object.keys(rules),
    check(property) {
      const rule = rules[property] ?? (() => true);
      return function (value, _options) {
        return rule(value, this);
      };
    },
    paletteLabel() {
      return inPalette(this);
    },
    label() {
      return parts.label ? parts.label(this) : this.name || inPalette(this);
    },
    labelStyle() {
      return this.name ? 'node_label_italic' : '';
    },
    outputLabels(index) {
      return parts.outputLabels?.(this, index);
    },
    oneditprepare() {
      const showAll = parts.prepare(this);
      openForm(fields('name').closest('.vt-form'), this);
      showAll?.();
    },
    oneditsave() {
      parts.save?.(this);
      for (const property of optionNames(type, 'number')) {
        const text = textIn(fields(property)).trim();
        this[property] = /^\d+$/.test(text) ? Number(text) : text;
      }
    },
  };
}
