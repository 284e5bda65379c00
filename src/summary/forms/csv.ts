import type { SummaryContent } from '../content';
import type { Incident } from '../incident';
import type { FormOptions } from '../options';
import { defang } from '../defang';
import { originText } from '../phrases';
import { cleanText } from '../clean-text';
import type { SummaryRow } from '../row';

/** The names are for programs and stay as they are in every language. */
const COLUMNS = [
  'verdict',
  'positives',
  'total',
  'type',
  'indicator',
  'label',
  'engines',
  'scan_date',
  'age_days',
  'link',
  'code',
  'note',
  'incident',
  'counts',
] as const;

type Cells = Partial<Record<(typeof COLUMNS)[number], string | number | null>>;

/** What a program for sheets takes for a formula, in the full width of East Asia too. */
const FORMULA = /^[=+\-@＝＋－＠\t\r]/;

/**
 * A sheet by RFC 4180: a line for each indicator, then one for each that was not looked up. Each text is quoted, and one that would be a
 * formula begins with an apostrophe.
 */
export function csvForm(content: SummaryContent, incident: Incident, options: FormOptions): string {
  const counts = content.counts.map(({ verdict, count }) => `${verdict} ${count}`).join('; ');
  const whole: Cells = {
    incident: incident.complete ? content.verdict : `${content.verdict} (incomplete)`,
    counts,
  };
  const lines: Cells[] = [
    ...content.rows.map((row) => rowCells(row, content)),
    ...(content.more > 0 ? [{ verdict: 'more', note: `${content.more} more` }] : []),
    ...incident.skipped.slice(0, options.maxItems).map(({ type, value, reason }) => {
      const shown = cleanText(value, 2_048);
      const indicator = options.defang ? defang(type, shown) : shown;
      return { verdict: 'skipped', type: cleanText(type, 20), indicator, note: cleanText(reason, 200) };
    }),
    ...(content.skippedCount > options.maxItems
      ? [{ verdict: 'skipped', note: `${content.skippedCount - options.maxItems} more` }]
      : []),
  ];
  // An empty table would not show that there was nothing.
  if (lines.length === 0) lines.push({ verdict: 'missing', note: content.incomplete });
  return [COLUMNS.join(','), ...lines.map((cells) => csvLine({ ...cells, ...whole })), ''].join('\r\n');
}

function rowCells(row: SummaryRow, { language, advice }: SummaryContent): Cells {
  const { words } = language;
  const toDo = row.verdict === 'error' ? (advice.find(({ code }) => code === row.code)?.text ?? '') : '';
  const engines = [...row.engines, ...(row.moreEngines > 0 ? [`${row.moreEngines} more`] : [])];
  return {
    verdict: row.verdict,
    positives: row.positives,
    total: row.total,
    type: row.type,
    indicator: row.value,
    label: row.label,
    engines: engines.join(', '),
    scan_date: row.scanDate,
    age_days: row.days,
    link: row.link,
    code: row.code,
    note: [originText(row, language), row.unknown ? words.unknown : row.note, toDo]
      .filter(Boolean)
      .join('. '),
  };
}

function csvLine(cells: Cells): string {
  return COLUMNS.map((name) => csvCell(cells[name] ?? '')).join(',');
}

function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}
