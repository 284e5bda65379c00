import { englishPattern, textsOf } from './texts';

/** Parts of a status are told apart by this; nodes/status-text.ts puts it there. */
const BETWEEN = ' · ';
const TEXTS = [
  'status.waiting',
  'status.requesting',
  'status.next',
  'status.about',
  'status.cached',
  'status.detected',
  'status.clean',
  'status.unknown',
  'status.failed',
  'status.noVerdict',
  'status.queued',
  'status.nothing',
  'status.skipped',
  'status.noKey',
  'status.noConfig',
  'status.settings',
  'status.invalid',
  'status.keyRefused',
  'status.keyRefusedUntil',
  'status.forbidden',
  'status.slowDown',
  'status.slowDownUntil',
  'status.dayUsed',
  'status.monthUsed',
  'status.reserved',
  'status.quotaUsed',
  'status.quotaUsedUntil',
  'status.timeout',
  'status.network',
  'status.server',
  'status.badReport',
  'status.queueFull',
  'status.dropped',
  'status.refused',
  'status.error',
  'status.redisDown',
  'status.redisSlow',
  'status.redisAuth',
  'status.redisFull',
  'status.redisReadOnly',
  'status.redis',
  'status.malicious',
  'status.trusted',
  'status.noMatch',
  'status.missing',
  'status.reportError',
  'status.missingPrivate',
  'status.missingAllowed',
  'status.missingSkipped',
  'status.missingNothing',
  'status.incidents',
  'status.eventsDropped',
  'status.related',
  'status.maxDepth',
  'status.incomplete',
  'status.lookingUp',
  'status.uploading',
  'status.atVirusTotal',
  'status.scanning',
  'status.recovering',
  'status.submissions',
  'status.submitted',
  'status.commented',
  'status.voted',
  'status.noConsent',
  'status.submissionsUsed',
  'status.nextCheck',
  'status.watched',
  'status.changed',
  'status.round',
  'status.inMemory',
  'status.nothingWatched',
  'status.iocStreamBehind',
  'status.iocStream',
  'status.ofShare',
  // Last: what ends in one of them is not to be taken for one.
  'status.seconds',
  'status.minutes',
  'status.hours',
];

type Known = ReturnType<typeof readEnglish>;

const t = textsOf('virustotal');

/** The English texts: those without blanks by themselves, the others as patterns. */
function readEnglish() {
  const words = new Map<string, string>();
  const patterns: { key: string; names: string[]; pattern: RegExp }[] = [];
  for (const key of TEXTS) {
    const { source, names } = englishPattern(t, key);
    if (names.length === 0) words.set(t(key, { lng: 'en-US' }), key);
    else patterns.push({ key, names, pattern: new RegExp(`^${source}$`) });
  }
  return { words, patterns };
}

function translate(part: string, known: Known): string {
  const [, word = '', figures = ''] = /^(.*?)( \d+(?:\/\d+)?)?$/.exec(part) ?? [];
  for (const [text, rest] of [
    [part, ''],
    [word, figures],
  ] as const) {
    const key = known.words.get(text);
    if (key !== undefined) return t(key) + rest;
  }
  for (const { key, names, pattern } of known.patterns) {
    const values = pattern.exec(part)?.slice(1);
    if (!values) continue;
    // A time to wait has a unit.
    const say = (value: string, name: string): string => (name === 'wait' ? translate(value, known) : value);
    return t(key, Object.fromEntries(names.map((name, index) => [name, say(values[index] ?? '', name)])));
  }
  return part;
}

/**
 * Node-RED sends the line below a node to every editor in one language, which is English for our nodes. From now on it is said in the
 * language of this editor, part by part: "77/200 · about 31 min".
 */
export function translateStatus(): void {
  let known: Known | undefined;
  RED.comms.subscribe('status/#', (topic, status) => {
    const node = RED.nodes.node(topic.split('/')[1]);
    if (!status.text || !node || !/^virustotal(-|$)/.test(node.type)) return;
    const english = (known ??= readEnglish());
    status.text = status.text
      .split(BETWEEN)
      .map((part) => translate(part, english))
      .join(BETWEEN);
    // The editor's own listener may have been first.
    if (node.status === status) RED.view.redrawStatus(node);
  });
}
