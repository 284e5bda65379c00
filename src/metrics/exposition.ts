/** One value of a family of metrics. */
export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
  /** Of a histogram: which of its series it is. */
  suffix?: '_bucket' | '_sum' | '_count';
}

/** Metrics of one name. */
export interface Family {
  /** Without the suffix `_total` that a counter has. */
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  samples: readonly Sample[];
}

/** How metrics are written: `openmetrics` 1.0.0, or `text`, the older form that every Prometheus reads (0.0.4). */
export type ExpositionFormat = 'openmetrics' | 'text';

/** The content types of the formats. */
export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  text: 'text/plain; version=0.0.4; charset=utf-8',
};

/** The format that a scraper asks for by its `Accept` header. */
export function formatFor(accept: string | undefined): ExpositionFormat {
  return accept?.includes('application/openmetrics-text') === true ? 'openmetrics' : 'text';
}

/** Writes families of metrics, which are without a line when they have no sample. */
export function expose(families: readonly Family[], format: ExpositionFormat): string {
  const blocks = families.filter(({ samples }) => samples.length > 0).map((family) => block(family, format));
  return blocks.join('') + (format === 'openmetrics' ? '# EOF\n' : '');
}

/** OpenMetrics names a counter's family without the suffix of its samples, the older form with it. */
function block({ name, type, help, samples }: Family, format: ExpositionFormat): string {
  const suffix = type === 'counter' ? '_total' : '';
  const family = format === 'openmetrics' ? name : name + suffix;
  const lines = samples.map(
    (sample) => `${name}${sample.suffix ?? suffix}${labelsText(sample.labels)} ${numberText(sample.value)}\n`,
  );
  return `# HELP ${family} ${escapeHelp(help)}\n# TYPE ${family} ${type}\n${lines.join('')}`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  return value === Infinity ? '+Inf' : String(value);
}
