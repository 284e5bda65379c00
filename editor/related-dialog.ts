import { OPTIONS } from '../src/options';
import { DEFAULT_RELATIONS, KINDS, RELATIONS } from '../src/related/relations';
import { dialogOf, type Dialog } from './dialog';
import { asText, fieldsOf, textIn } from './fields';
import { instanceRule } from './instance-rule';
import { numberRules } from './number-rules';
import { textsOf, type Texts } from './texts';

const TYPE = 'virustotal-related';
const { relations: CHOSEN, sourceType } = OPTIONS[TYPE];

/** The dialog of the related node. */
export function relatedDialog(): Dialog {
  const t = textsOf(TYPE);
  const fields = fieldsOf(TYPE);

  return dialogOf(TYPE, {
    rules: {
      ...numberRules(TYPE, t, { whole: 'error.number' }),
      server: instanceRule(t, () => true),
      source: (value) => asText(value).trim() !== '' || t('error.noSource'),
      relations: (value) => namesIn(value ?? CHOSEN.default).length > 0 || t('error.none'),
    },
    palette: 'label.palette',
    outputLabels: (node) => node._('port.related'),
    prepare() {
      fields('source').typedInput({
        types: [...sourceType.choices],
        typeField: '#node-input-sourceType',
      });
      const field = fields('relations');
      const place = $('#vt-relations');
      for (const kind of KINDS) place.append(kindPart(kind, t));
      return () => {
        const chosen = namesIn(textIn(field));
        const boxes = place.find('input');
        boxes.each((_index, box) => {
          const name = asText($(box).val());
          // A name without a kind is of every kind that has it.
          const isChosen = chosen.includes(name) || chosen.includes(name.slice(name.indexOf('.') + 1));
          $(box).prop('checked', isChosen);
        });
        place.find('details').each((_index, fold) => {
          $(fold).prop('open', $(fold).find('input:checked').length > 0);
        });
        boxes.on('change', () => {
          const names = boxes
            .filter(':checked')
            .toArray()
            .map((box) => asText($(box).val()));
          field.val(names.join(',')).trigger('change');
        });
      };
    },
  });
}

/** The relations of one kind of indicator: those of a free key, and folded away those that need a premium key. */
function kindPart(kind: (typeof KINDS)[number], t: Texts): JQuery {
  const id = `vt-relations-${kind}`;
  const boxes = (free: boolean): JQuery[] =>
    RELATIONS[kind]
      .filter((relation) => relation.free === free)
      .map(({ name }) =>
        $('<label>', { class: 'vt-relation' }).append(
          $('<input>', { type: 'checkbox', value: `${kind}.${name}` }),
          $('<span>').text(name),
        ),
      );
  const premium = boxes(false);
  return $('<div>', { role: 'group', 'aria-labelledby': id, class: 'vt-relations' }).append(
    $('<p>', { id }).text(t('kind.' + kind)),
    $('<div>', { class: 'vt-relation-list' }).append(boxes(true)),
    $('<details>').append(
      $('<summary>').text(t('label.premium', { count: premium.length })),
      $('<div>', { class: 'vt-relation-list' }).append(premium),
    ),
  );
}

function namesIn(value: unknown): string[] {
  const list = Array.isArray(value) ? value.map(asText) : asText(value).split(',');
  const names = list.map((name) => name.trim()).filter(Boolean);
  return names.flatMap((name) => (name === 'default' ? DEFAULT_RELATIONS : name));
}
