import { OPTIONS } from '../src/options';
import { isOn, isVariable, shownIn, textIn, type Fields } from './fields';
import type { EditorNode } from './red';
import { askRuntime, RuntimeRefusal } from './runtime';
import { localNumber, type Texts } from './texts';

interface Found {
  type: string;
  value: string;
}

interface Extract {
  iocs: Found[];
  skipped: (Found & { reason: string })[];
}

const PAUSE_MS = 400;
/** How the runtime's frequent reasons begin, up to a bracket, and the text of each. */
const WHY: Readonly<Record<string, string>> = {
  'on the allow list': 'why.allowList',
  'private address': 'why.privateAddress',
  'internal name': 'why.internalName',
  'address for documentation': 'why.documentation',
};

/** Makes the part of the action node's dialog in which a person tries what a search would find in a text. */
export function prepareTrial(fields: Fields, t: Texts): void {
  let pending: ReturnType<typeof setTimeout> | undefined;
  const tryNow = (): void => {
    tryIt(fields, t).catch((error: unknown) => console.error(error));
  };
  $('#vt-try-text, #node-input-hosts, #node-input-mailDomains, #node-input-server').on('input change', () => {
    clearTimeout(pending);
    pending = setTimeout(tryNow, PAUSE_MS);
  });
  $('#vt-try-button').on('click', tryNow);
}

async function tryIt(fields: Fields, t: Texts): Promise<void> {
  const box = $('#vt-try-result').removeClass('vt-bad');
  // The dialog may have been closed since the last key.
  const text = textIn($('#vt-try-text'));
  if (!text.trim()) {
    box.empty();
    return;
  }
  const own = OPTIONS.virustotal;
  const ofInstance = OPTIONS['virustotal-config'];
  const instance: Partial<EditorNode> = RED.nodes.node(fields('server').val()) ?? {};
  const { skipPrivate, allowList = '' } = instance;
  const [hosts, mailDomains] = [shownIn(fields('hosts')), shownIn(fields('mailDomains'))];
  const isUnknown = [skipPrivate, allowList, hosts, mailDomains].some(isVariable);
  try {
    const { iocs, skipped } = await askRuntime<Extract>('extract', {
      text,
      hosts: isOn(hosts, own.hosts.default),
      mailDomains: isOn(mailDomains, own.mailDomains.default),
      skipPrivate: isOn(skipPrivate, ofInstance.skipPrivate.default),
      allowList: isVariable(allowList) ? '' : allowList,
    });
    const line = (key: string, count: number): JQuery =>
      $('<div>').text(t(key, { count: localNumber(count) }));
    box
      .empty()
      .append(
        iocs.length > 0 ? line('try.found', iocs.length) : $('<div>').text(t('try.nothing')),
        list(iocs, t),
        skipped.length > 0 ? line('try.skipped', skipped.length) : [],
        list(skipped, t),
        isUnknown ? $('<div class="vt-note">').text(t('try.variable')) : [],
      );
  } catch (error) {
    const said = error instanceof RuntimeRefusal ? error.error.message : undefined;
    box.addClass('vt-bad').text(said ?? t('try.unreachable'));
  }
}

/** The reason in the language of the editor, where it is one of the frequent ones: "private address (RFC 1918)". */
function reasonText(reason: string, t: Texts): string {
  const end = reason.indexOf(' (');
  const start = end < 0 ? reason : reason.slice(0, end);
  return Object.hasOwn(WHY, start) ? t(WHY[start] as string) + reason.slice(start.length) : reason;
}

function list(found: readonly (Found & { reason?: string })[], t: Texts): JQuery {
  const items = found.map(({ type, value, reason }) =>
    $('<li>').append(
      $('<span>').text(t('kind.' + type) + ' '),
      $('<code>').text(value),
      $('<span class="vt-note">').text(reason === undefined ? '' : ' ' + reasonText(reason, t)),
    ),
  );
  return $('<ul class="vt-found">').append(items);
}
