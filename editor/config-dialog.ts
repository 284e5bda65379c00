import { dialogOf, type Dialog, type Rule } from './dialog';
import { asText, chosen, fieldsOf, isOn, shownIn, textIn } from './fields';
import { followState } from './instance-state';
import { KEPT_SECRET, KeyTest } from './key-test';
import { isKeyless, noteKey } from './keyless';
import { numberRules } from './number-rules';
import { Pace } from './pace';
import type { EditorNode } from './red';
import { askRuntime, RuntimeRefusal } from './runtime';
import { localNumber, textsOf, type Texts } from './texts';

const TYPE = 'virustotal-config';

/** The dialog of an instance. */
export function configDialog(): Dialog {
  const t = textsOf(TYPE);
  const fields = fieldsOf(TYPE);

  const redisUrl: Rule = (value, node) => {
    if (chosen(fields, 'store', node) !== 'redis' || value === KEPT_SECRET) return true;
    return /^rediss?:\/\/./.test(asText(value)) || t('error.redisUrl');
  };

  function showVersion(): void {
    const path = fields('apiVersion').val() === 'v2' ? 'vtapi/v2/' : 'api/v3/';
    fields('apiUrl').attr('placeholder', `https://www.virustotal.com/${path}`);
  }

  return dialogOf(TYPE, {
    rules: {
      ...numberRules(TYPE, t, { whole: 'error.number' }),
      apiUrl: (value) => apiUrlProblem(value, t) ?? true,
      apiKey(value) {
        if (!value) return t('error.keyMissing');
        return value === KEPT_SECRET || /^\S+$/.test(asText(value).trim()) || t('error.key');
      },
      redisUrl,
    },
    label(node) {
      const name = node.name || node._('label.instance');
      return isKeyless(node.id) ? node._('instance.noKey', { name }) : name;
    },
    prepare(node) {
      const pace = new Pace(fields, t);
      const keyTest = new KeyTest(fields, t, pace);
      pace.prepare();
      onClick('#vt-test', () => keyTest.run(node));
      onClick('#vt-clear', () => clearCache(node, t));
      fields('apiVersion').on('change', showVersion);
      fields('cache').on('change', () => {
        $('.vt-cached').toggle(isOn(shownIn(fields('cache')), true));
      });
      fields('store').on('change', () => {
        $('.vt-redis').toggle(fields('store').val() === 'redis');
        fields('redisUrl').trigger('keyup');
      });
      return () => {
        pace.show();
        const isNew = !RED.nodes.node(node.id);
        if (!isNew) followState(node.id, $('#vt-state'), t).catch((error: unknown) => console.error(error));
      };
    },
    save(node) {
      // A key is copied with what stands around it.
      for (const name of ['apiKey', 'redisUrl']) fields(name).val(textIn(fields(name)).trim());
      noteKey(node.id, textIn(fields('apiKey')) !== '');
    },
  });
}

function onClick(button: string, act: () => Promise<void>): void {
  $(button).on('click', () => {
    act().catch((error: unknown) => console.error(error));
  });
}

function apiUrlProblem(value: unknown, t: Texts): string | undefined {
  if (!value) return undefined;
  let url: URL;
  try {
    url = new URL(asText(value));
  } catch {
    return t('error.url');
  }
  if (!/^https?:$/.test(url.protocol)) return t('error.url');
  return url.username || url.password || url.search || url.hash ? t('error.urlParts') : undefined;
}

async function clearCache(node: EditorNode, t: Texts): Promise<void> {
  const result = $('#vt-clear-result');
  try {
    const path = `cache/${encodeURIComponent(node.id)}/clear`;
    const { cleared } = await askRuntime<{ cleared: number }>(path);
    result.text(t('clear.done', { cleared: localNumber(cleared) }));
  } catch (error) {
    const isUnknown = error instanceof RuntimeRefusal && error.status === 404;
    result.text(t(isUnknown ? 'clear.notDeployed' : 'clear.failed'));
  }
}
