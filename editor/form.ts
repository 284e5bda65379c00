import { isOn, isVariable } from './fields';
import type { EditorNode } from './red';

const FIELDS = ':input[id^=node-]';

function nameOf(field: HTMLElement): string {
  return field.id.replace(/^node-(config-)?input-/, '');
}

function typedPart(field: HTMLElement): JQuery {
  return $(field).next('.red-ui-typedInput-container');
}

/**
 * Completes a form once its fields are made. A flow of an older version has no value for newer properties, what differs from the
 * defaults should not be folded away, and each field says why its value is refused.
 */
export function openForm(form: JQuery, node: EditorNode): void {
  const { defaults } = node._def;
  form.find(FIELDS).each((_index, field) => {
    const saved = node[nameOf(field)];
    const { value, type } = defaults[nameOf(field)] ?? {};
    if (saved === undefined && value !== undefined && !type) setField($(field), value);
    if ($(field).is(':checkbox')) showSwitch($(field), saved, value === true);
    keepTooltipAway($(field));
    labelTypedInput(form.find(`label[for=${field.id}]`), field);
  });
  form.find('.vt-fold').each((_index, fold) => {
    const isChanged = (_at: number, field: HTMLElement): boolean => {
      const { value } = defaults[nameOf(field)] ?? {};
      return String(node[nameOf(field)] ?? value) !== String(value);
    };
    $(fold).prop('open', $(fold).find(FIELDS).filter(isChanged).length > 0);
  });
  // Some rules look at two fields: all of them are asked at each change.
  form.on('change keyup input', FIELDS, () => {
    form.find(FIELDS).each((_index, field) => explain(node, field));
  });
}

function setField(field: JQuery, value: unknown): void {
  if (field.is(':checkbox')) field.prop('checked', value === true);
  else if (field.data('noderedTypedInput')) field.typedInput('value', String(value));
  else field.val(String(value));
}

/** A switch that is text in the flow file means what it says; "${VAR}" stands as it is, to be seen and kept. */
function showSwitch(field: JQuery, saved: unknown, byDefault: boolean): void {
  if (typeof saved !== 'string') return;
  if (isVariable(saved)) field.attr('type', 'text').val(saved);
  else field.prop('checked', isOn(saved, byDefault));
}

/** A TypedInput hides the field that the label is for, and puts visible parts without a name beside it. */
function labelTypedInput(label: JQuery, field: HTMLElement): void {
  const visible = typedPart(field).find('input').first();
  if (visible.length === 0) return;
  const id = `vt-typed-${nameOf(field)}`;
  visible.attr('id', id);
  label.attr({ for: id, id: `${id}-label` });
  typedPart(field).find('button').attr('aria-labelledby', `${id}-label`);
}

/**
 * Node-RED says the reason in a tooltip, for the mouse alone, which stays in the corner of the screen when the dialog of the instance
 * slides over the field. A tooltip that it takes to be there already is not made.
 */
function keepTooltipAway(field: JQuery): void {
  const silent = { setContent: () => undefined, delete: () => field.data('tooltip', silent) };
  field.data('tooltip', silent);
}

/** Says below a field why its value is refused, to everybody. */
function explain(node: EditorNode, field: HTMLElement): void {
  const name = nameOf(field);
  const { defaults, credentials } = node._def;
  const { validate } = defaults[name] ?? credentials?.[name] ?? {};
  if (!validate) return;
  const value = $(field).val();
  const verdict = /^\$\{\w+\}$/.test(String(value)) || validate.call(node, value, {});
  const reason = typeof verdict === 'string' ? verdict : '';
  const id = `vt-reason-${name}`;
  const row = $(field).closest('.form-row');
  const line = row.next(`#${id}`);
  if (line.text() === reason) return;
  line.remove();
  if (reason) $('<p>', { class: 'vt-reason', id }).text(reason).insertAfter(row);
  $(field)
    .add(typedPart(field).find('input'))
    .attr({ 'aria-invalid': reason ? 'true' : null, 'aria-describedby': reason ? id : null });
}
