import type { Verdict } from '../../analysis/verdict';
import type { SummaryContent } from '../content';
import { fitted, utf8Length } from '../fit';
import { escapeHtml } from '../markup';
import {
  BETWEEN,
  countsText,
  detailsOf,
  kindText,
  moreText,
  skippedHeading,
  skippedValues,
} from '../phrases';
import type { SummaryRow } from '../row';

/** Gmail cuts a mail at 102 kB. */
const LARGEST = 100_000;

/** White on these is readable, and they are so on a light page and on a dark one. */
const COLORS: Readonly<Record<Verdict, string>> = {
  malicious: '#c62828',
  error: '#b45309',
  'no-match': '#5f6b7a',
  trusted: '#2e7d32',
  missing: '#5f6b7a',
};

const FONT = "font-family:'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:14px;line-height:20px";
const MONO =
  "font-family:Consolas,Menlo,'Courier New',monospace;font-size:13px;word-break:break-word;overflow-wrap:anywhere";
const LINE = 'border-top:1px solid #8a94a0';
const TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';

/**
 * A mail: tables and styles in the elements, as Outlook and Gmail take no others. It sets no color of text or page, so that each
 * program shows it light or dark as all else. Every text from outside is escaped.
 */
export function htmlForm(content: SummaryContent): string {
  return fitted(content, html, (text) => utf8Length(text) <= LARGEST);
}

function html(content: SummaryContent): string {
  const { title, verdict, language, rows, incomplete, skipped, advice } = content;
  const { words } = language;
  const whole = `VirusTotal: ${words.verdict[verdict]}`;
  const groups = skipped.map((group) =>
    item(`${escapeHtml(group.reason)}: ${skippedValues(group, language, mono)}`),
  );
  const toDo = advice.map(({ code, text }) => item(`${mono(code)}: ${escapeHtml(text)}`));
  const more = moreText(content);
  return [
    `<!DOCTYPE html>\n<html lang="${language.tag}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeHtml(title || whole)}</title></head>\n<body style="margin:0;padding:16px;${FONT}">`,
    `<table ${TABLE} width="100%" style="max-width:720px;${FONT}">\n`,
    `<tr><td style="padding:10px 14px;background-color:${COLORS[verdict]};color:#ffffff;border-radius:4px">`,
    `<span style="font-size:18px;line-height:26px;font-weight:bold">${escapeHtml(whole)}</span>`,
    `<br>${escapeHtml(countsText(content))}</td></tr>\n`,
    title ? line(`<span style="font-size:16px;font-weight:bold">${escapeHtml(title)}</span>`) : '',
    incomplete ? line(`<b>${escapeHtml(incomplete)}</b>`) : '',
    rows.length > 0
      ? `<tr><td style="padding:12px 0 0 0"><table ${TABLE} width="100%" style="${FONT}">\n${rows.map((row) => rowHtml(row, content)).join('')}</table></td></tr>\n`
      : '',
    more ? line(escapeHtml(more)) : '',
    groups.length > 0 ? section(skippedHeading(content), groups) : '',
    toDo.length > 0 ? section(words.toDo, toDo) : '',
    '</table></body></html>\n',
  ].join('');
}

function rowHtml(row: SummaryRow, { language }: SummaryContent): string {
  const { words } = language;
  const link =
    row.link &&
    `<a href="${escapeHtml(row.link)}" style="color:inherit;white-space:nowrap">${escapeHtml(words.report)}</a>`;
  const details = [...detailsOf(row, language).map(escapeHtml), link].filter(Boolean).join(BETWEEN);
  const indicator = row.value && mono(row.value);
  const badge = `<span style="display:inline-block;padding:1px 8px;border-radius:3px;background-color:${COLORS[row.verdict]};color:#ffffff;font-weight:bold">${escapeHtml(words.verdict[row.verdict])}</span>`;
  const facts = [escapeHtml(row.ratio), escapeHtml(kindText(row, language))].filter(Boolean).join(BETWEEN);
  const parts = [[badge, facts].filter(Boolean).join(' '), indicator, details];
  return `<tr><td style="padding:8px 0;${LINE}">${parts.filter(Boolean).join('<br>')}</td></tr>\n`;
}

function section(heading: string, items: readonly string[]): string {
  return `<tr><td style="padding:10px 0;${LINE}"><b>${escapeHtml(heading)}</b>${items.join('')}</td></tr>\n`;
}

function item(inner: string): string {
  return `<br>&bull; ${inner}`;
}

function line(inner: string): string {
  return `<tr><td style="padding:10px 0 0 0">${inner}</td></tr>\n`;
}

function mono(text: string): string {
  return `<span dir="ltr" style="${MONO}">${escapeHtml(text)}</span>`;
}
