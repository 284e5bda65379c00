import { readMarkup } from './markup-reader';

/** The rules that a value breaks; none when the service takes it. */
export type Problems = string[];

type Json = Record<string, unknown>;

/** Block Kit: https://docs.slack.dev/reference/block-kit/blocks. For each block its fields, and whether it must have them. */
const BLOCKS: Record<string, Record<string, 'text' | 'optional'>> = {
  header: { text: 'text', block_id: 'optional' },
  section: { text: 'text', block_id: 'optional', expand: 'optional' },
  divider: { block_id: 'optional' },
};
const LONGEST_IN: Record<string, number> = { header: 150, section: 3_000 };
const TEXTS: Record<string, string[]> = {
  plain_text: ['type', 'text', 'emoji'],
  mrkdwn: ['type', 'text', 'verbatim'],
};

/** A message for `chat.postMessage` or an incoming webhook. */
export function slackProblems(message: unknown): Problems {
  const problems: Problems = [];
  const { text, blocks, ...others } = message as { text?: unknown; blocks?: Json[] };
  if (Object.keys(others).length > 0) problems.push(`fields: ${Object.keys(others).join(', ')}`);
  if (typeof text !== 'string' || text === '' || text.length > 3_000) problems.push('text');
  if (!Array.isArray(blocks) || blocks.length === 0 || blocks.length > 50)
    return [...problems, 'number of blocks'];
  for (const { type, ...fields } of blocks) {
    const rules = BLOCKS[String(type)];
    if (!rules) {
      problems.push(`block ${String(type)}`);
      continue;
    }
    for (const field of Object.keys(fields)) if (!rules[field]) problems.push(`${String(type)}.${field}`);
    if (rules.text !== 'text') continue;
    const inner = fields.text as Json | undefined;
    const known = TEXTS[String(inner?.type)];
    if (!inner || !known) problems.push(`${String(type)}.text`);
    else {
      if (Object.keys(inner).some((field) => !known.includes(field)))
        problems.push(`fields of ${String(inner.type)}`);
      const content = inner.text;
      if (typeof content !== 'string' || content === '' || content.length > (LONGEST_IN[String(type)] ?? 0))
        problems.push(`length in ${String(type)}`);
      if (type === 'header' && inner.type !== 'plain_text') problems.push('a header is plain text');
    }
  }
  if (Buffer.byteLength(JSON.stringify(message)) > 13_000) problems.push('size');
  return problems;
}

/** Adaptive Cards 1.5, as its JSON schema has them: for each type of element its properties; those with `!` must be there. */
const CARD: Record<string, Record<string, string>> = {
  AdaptiveCard: {
    '!version': '^1\\.5$',
    $schema: '^http://adaptivecards\\.io/schemas/adaptive-card\\.json$',
    lang: '^[a-z]{2}(-[A-Z]{2})?$',
    fallbackText: '.',
    '!body': 'Container|RichTextBlock|TextBlock',
  },
  Container: {
    '!items': 'Container|RichTextBlock|TextBlock',
    style: '^(default|emphasis|good|attention|warning|accent)$',
    bleed: '^true$',
    spacing: '^(default|none|small|medium|large|extraLarge|padding)$',
    separator: '^true$',
  },
  RichTextBlock: {
    '!inlines': 'TextRun',
    spacing: '^(default|none|small|medium|large|extraLarge|padding)$',
    separator: '^true$',
  },
  TextBlock: {
    // Markdown: no emphasis, no link, no list, no entity, no function.
    '!text': '^(?!.*(\\]\\(|\\{|[*_`~<>!]|&#?\\w+;))[A-Za-z0-9]\\S*$',
    wrap: '^true$',
    fontType: '^monospace$',
    spacing: '^none$',
  },
  TextRun: {
    '!text': '',
    size: '^(default|small|medium|large|extraLarge)$',
    weight: '^(default|lighter|bolder)$',
    color: '^(default|dark|light|accent|good|warning|attention)$',
    fontType: '^(default|monospace)$',
    isSubtle: '^true$',
    selectAction: 'Action.OpenUrl',
  },
  'Action.OpenUrl': { '!url': '^https://www\\.virustotal\\.com/\\S+$' },
};

/** A message with a card, for an incoming webhook of Teams or a workflow. */
export function teamsProblems(message: unknown): Problems {
  const { type, attachments, ...others } = message as { type: unknown; attachments: Json[] };
  const [attachment, ...more] = attachments;
  const problems: Problems = [];
  if (type !== 'message' || more.length > 0 || Object.keys(others).length > 0) problems.push('message');
  const { contentType, contentUrl, content } = attachment as Json;
  if (contentType !== 'application/vnd.microsoft.card.adaptive' || contentUrl !== null)
    problems.push('attachment');
  problems.push(...elementProblems(content as Json, 'AdaptiveCard'));
  if (Buffer.byteLength(JSON.stringify(message)) > 28_000) problems.push('size');
  return problems;
}

function elementProblems(element: Json, allowed: string): Problems {
  const { type, ...properties } = element;
  const rules = CARD[String(type)];
  if (!rules || !allowed.split('|').includes(String(type))) return [`element ${String(type)}`];
  const problems = Object.keys(rules)
    .filter((name) => name.startsWith('!') && properties[name.slice(1)] === undefined)
    .map((name) => `${String(type)} without ${name.slice(1)}`);
  for (const [name, value] of Object.entries(properties)) {
    const rule = rules[name] ?? rules[`!${name}`];
    if (rule === undefined) problems.push(`${String(type)}.${name}`);
    else if (Array.isArray(value))
      problems.push(...value.flatMap((each: Json) => elementProblems(each, rule)));
    else if (typeof value === 'object' && value !== null)
      problems.push(...elementProblems(value as Json, rule));
    else if (!new RegExp(rule, 's').test(String(value)))
      problems.push(`${String(type)}.${name} is ${String(value)}`);
  }
  return problems;
}

/** Telegram's HTML: https://core.telegram.org/bots/api#html-style. What each tag may have. */
const TELEGRAM: Record<string, RegExp> = {
  b: /^$/,
  i: /^$/,
  code: /^$/,
  a: /^href=https:\/\/www\.virustotal\.com\/\S+$/,
};

/** The text of a message with `parse_mode: HTML`. */
export function telegramProblems(html: string): Problems {
  const problems: Problems = [];
  const inside: string[] = [];
  let length = 0;
  let entities = 0;
  for (const token of readMarkup(html)) {
    if (token.kind === 'text') length += token.text.length;
    else if (token.kind === 'close') inside.pop();
    else {
      const attributes = Object.entries(token.attributes).map(([name, value]) => `${name}=${value}`);
      if (!TELEGRAM[token.name]?.test(attributes.join()))
        problems.push(`<${token.name} ${attributes.join()}>`);
      // code can neither hold another entity nor be in one.
      if (inside.includes('code') || (token.name === 'code' && inside.length > 0))
        problems.push('nested code');
      inside.push(token.name);
      entities += 1;
    }
  }
  if (length === 0 || length > 4_096) problems.push(`${length} characters`);
  if (entities > 100) problems.push(`${entities} entities`);
  if (/&(?!amp;|lt;|gt;|quot;|#\d+;)/.test(html)) problems.push('entity');
  return problems;
}
