import { OPTIONS } from '../src/options';
import { dialogOf, type Dialog } from './dialog';
import { asText, fieldsOf, textIn } from './fields';
import { textsOf } from './texts';

const TYPE = 'virustotal-events';
const { kinds: KINDS } = OPTIONS[TYPE];

/** The dialog of the events node. */
export function eventsDialog(): Dialog {
  const t = textsOf(TYPE);
  const fields = fieldsOf(TYPE);

  return dialogOf(TYPE, {
    rules: {
      // Empty: all instances.
      server: (value) =>
        !value || value === '_ADD_' || Boolean(RED.nodes.node(asText(value))) || t('error.serverGone'),
      kinds: (value) => namesIn(asText(value)).length > 0 || t('error.none'),
    },
    palette: 'label.palette',
    outputLabels: (node) => node._('port.event'),
    prepare() {
      const field = fields('kinds');
      const boxes = field.closest('.vt-form').find('.vt-kind');
      return () => {
        const chosen = namesIn(textIn(field) || KINDS.default);
        const isAll = chosen.includes(KINDS.default);
        boxes.each(
          (_index, box) => void $(box).prop('checked', isAll || chosen.includes(asText($(box).val()))),
        );
        boxes.on('change', () => {
          const names = boxes
            .filter(':checked')
            .toArray()
            .map((box) => asText($(box).val()));
          // All of them, also those of a later version.
          field.val(names.length === boxes.length ? KINDS.default : names.join(',')).trigger('change');
        });
      };
    },
  });
}

function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}
