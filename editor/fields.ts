import type { NodeType } from '../src/options';

/** The field of a property in the open dialog; empty while no dialog of that kind is open. */
export type Fields = (property: string) => JQuery;

export function fieldsOf(type: NodeType): Fields {
  const prefix = type === 'virustotal-config' ? '#node-config-input-' : '#node-input-';
  return (property) => $(prefix + property);
}

/** A value as text: '' for what no field can hold. */
export function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

/** The text in a field; '' while there is none. */
export function textIn(field: JQuery): string {
  return asText(field.val());
}

/** The value that a field shows: of a switch whether it is on, unless "${VAR}" decides it. */
export function shownIn(field: JQuery): unknown {
  return field.is(':checkbox') ? field.prop('checked') : field.val();
}

/** What the open dialog shows of a property, or what is saved of it: while a dialog is open, the choice in it counts. */
export function chosen(fields: Fields, property: string, node: Readonly<Record<string, unknown>>): unknown {
  return fields(property).val() || node[property];
}

/** Whether the value comes from an environment variable, which only the runtime knows. */
export function isVariable(value: unknown): boolean {
  return /^\s*\$[{(]/.test(asText(value));
}

/** What a switch means that may be text in the flow file; "" and what only the runtime knows have the default. */
export function isOn(value: unknown, byDefault: boolean): boolean {
  if (typeof value === 'boolean') return value;
  if (value === undefined || value === null || value === '' || isVariable(value)) return byDefault;
  return !/^\s*(false|no|off|0)\s*$/i.test(asText(value));
}
