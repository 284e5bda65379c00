import { OPTIONS } from '../src/options';
import { dialogOf, type Dialog, type Rule } from './dialog';
import { asText, chosen, fieldsOf, isOn, isVariable, shownIn, textIn } from './fields';
import { instanceRule } from './instance-rule';
import { numberRules } from './number-rules';
import { placeRule } from './place-rule';
import { textsOf } from './texts';

const TYPE = 'virustotal-submit';
const OWN = OPTIONS[TYPE];
/** What this node and those behind it write into a message. */
const TAKEN = ['virustotal', 'parts', 'analysis', 'analyses', 'error', '_msgid'];
/** Actions that have a report for a result. */
const SCANS = ['auto', 'url', 'file', 'rescan'];

/** Classes of the rows that an action shows, beside those that every action has. */
const SHOWN_BY_ACTION: Readonly<Record<string, readonly string[]>> = {
  auto: ['vt-scan', 'vt-file', 'vt-url', 'vt-rescan'],
  url: ['vt-scan', 'vt-url'],
  file: ['vt-scan', 'vt-file'],
  rescan: ['vt-scan', 'vt-rescan'],
  comment: ['vt-community', 'vt-comment'],
  vote: ['vt-community', 'vt-vote'],
};
const BY_ACTION = [...new Set(Object.values(SHOWN_BY_ACTION).flat())];

/** The dialog of the submit node. */
export function submitDialog(): Dialog {
  const t = textsOf(TYPE);
  const fields = fieldsOf(TYPE);
  const place = placeRule(t, { wrong: 'error.output', taken: { key: 'error.taken', properties: TAKEN } });

  /** A value with a type of its own beside it, as `source` and `sourceType`. */
  function typedRule(name: 'source' | 'comment' | 'verdict', isNeeded: (action: string) => boolean): Rule {
    return (value, node) => {
      const type = asText(chosen(fields, `${name}Type`, node)) || OWN[`${name}Type`].default;
      if (value === undefined || !isNeeded(asText(chosen(fields, 'action', node)))) return true;
      if (!asText(value).trim()) return t('error.noSource');
      if (type === 'str' || type === 'env') return true;
      return RED.utils.validateTypedProperty(value, type === 'path' || type === 'bin' ? 'msg' : type, {});
    };
  }

  function showFields(): void {
    const action = textIn(fields('action')) || OWN.action.default;
    $('#vt-source-label').text(t('source.' + action));
    $('#vt-source-tip').text(t('sourceTip.' + action));
    for (const row of BY_ACTION) $(`.${row}`).toggle(SHOWN_BY_ACTION[action]?.includes(row) === true);
    const isScan = SCANS.includes(action);
    $('.vt-older').toggle(isScan && textIn(fields('when')) === 'older');
    $('.vt-waits').toggle(isScan && shownIn(fields('wait')) === true);
    const consent = shownIn(fields('consent'));
    $('#vt-no-consent').toggle(!isVariable(consent) && !isOn(consent, OWN.consent.default));
  }

  return dialogOf(TYPE, {
    rules: {
      ...numberRules(TYPE, t, { whole: 'error.number', fraction: 'error.fraction' }),
      server: instanceRule(t, () => true),
      source: typedRule('source', () => true),
      comment: typedRule('comment', (action) => action === 'comment'),
      verdict: typedRule('verdict', (action) => action === 'vote'),
      output: (value, node) => !SCANS.includes(asText(chosen(fields, 'action', node))) || place(value, node),
      namePattern: (value) => isPattern(asText(value)) || t('error.pattern'),
    },
    palette: 'label.palette',
    label: (node) => node.name || node._('action.' + (asText(node['action']) || OWN.action.default)),
    outputLabels: (node) => node._(SCANS.includes(asText(node['action'])) ? 'port.report' : 'port.message'),
    prepare() {
      fields('source').typedInput({
        types: OWN.sourceType.choices.map((type) =>
          type === 'path' || type === 'bin'
            ? { value: type, label: t('sourceType.' + type), hasValue: true }
            : type,
        ),
        typeField: '#node-input-sourceType',
      });
      for (const name of ['comment', 'verdict'] as const)
        fields(name).typedInput({
          types: [...OWN[`${name}Type`].choices],
          typeField: `#node-input-${name}Type`,
        });
      fields('output').typedInput({ types: ['msg'] });
      for (const name of ['action', 'when', 'wait', 'consent']) fields(name).on('change', showFields);
      return showFields;
    },
  });
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'iu') instanceof RegExp;
  } catch {
    return false;
  }
}
