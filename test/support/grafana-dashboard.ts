/**
 * What Grafana's schema of a dashboard requires and allows, of what ours has: written from grafana/grafana, kinds/dashboard/dashboard_kind.cue, as of Grafana 10
 * (`#Panel`, `#GridPos`, `#FieldConfigSource`, `#VariableModel`). Grafana's own check needs Go and cue.
 */
type Fields = Record<string, unknown>;
type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const number: Check = (value) => typeof value === 'number';
const whole =
  (least: number, most = 2 ** 32 - 1): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const oneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);
const anything: Check = (value) => value !== undefined;
const object: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const list =
  (of: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(of);

/** Names that end with `?` may be absent; others than these must not be there. */
type Shape = Readonly<Record<string, Check>>;

const DATA_SOURCE: Shape = { 'type?': text, 'uid?': text };
const GRID: Shape = { h: whole(1), w: whole(1, 24), x: whole(0, 23), y: whole(0), 'static?': flag };
const THRESHOLD: Shape = { 'value?': (value) => value === null || number(value), color: text };
const TARGET: Shape = {
  ...{ refId: text, datasource: object, expr: text, legendFormat: text },
  ...{ 'range?': flag, 'instant?': flag },
};
const PANEL: Shape = {
  ...{ type: text, 'id?': whole(0), 'title?': text, 'description?': text, 'transparent?': flag },
  ...{ 'datasource?': object, 'gridPos?': object, 'targets?': list(object), 'interval?': text },
  ...{ options: object, fieldConfig: object, 'transformations?': list(object) },
};
const FIELD_CONFIG: Shape = { defaults: object, overrides: list(object) };
const DEFAULTS: Shape = {
  ...{ 'unit?': text, 'decimals?': number, 'min?': number, 'max?': number, 'noValue?': text },
  ...{ 'thresholds?': object, 'color?': object, 'custom?': object, 'displayName?': text },
};
const VARIABLE: Shape = {
  type: oneOf('query', 'adhoc', 'constant', 'datasource', 'interval', 'textbox', 'custom', 'system'),
  ...{ name: text, 'label?': text, hide: oneOf(0, 1, 2), 'skipUrlSync?': flag, 'datasource?': object },
  'query?': (value) => text(value) || object(value),
  // Of these the schema leaves the variables' own open.
  ...{ 'refresh?': whole(0, 2), 'sort?': whole(0), 'regex?': text, 'multi?': flag, 'includeAll?': flag },
  'current?': object,
};
const DASHBOARD: Shape = {
  ...{ 'title?': text, 'uid?': (value) => text(value) && /^[\w-]{1,40}$/.test(value as string) },
  ...{ 'description?': text, 'tags?': list(text), 'timezone?': text, editable: flag },
  ...{ graphTooltip: oneOf(0, 1, 2), schemaVersion: whole(36, 65_535), 'version?': whole(0) },
  ...{ 'refresh?': (value) => value === false || text(value), 'time?': object, 'templating?': object },
  ...{ 'annotations?': object, 'links?': list(object), 'panels?': list(object), 'id?': anything },
};

/** What is not as the schema has it, each with its path. */
export function dashboardProblems(dashboard: unknown): string[] {
  const problems: string[] = [];
  const check = (path: string, value: unknown, shape: Shape): Fields => {
    const fields = object(value) ? (value as Fields) : {};
    const known = new Set(Object.keys(shape).map((name) => name.replace('?', '')));
    for (const name of Object.keys(fields)) if (!known.has(name)) problems.push(`${path}.${name} is unknown`);
    for (const [name, isRight] of Object.entries(shape)) {
      const field = fields[name.replace('?', '')];
      if (field === undefined ? !name.endsWith('?') : !isRight(field))
        problems.push(`${path}.${name.replace('?', '')} is ${JSON.stringify(field)}`);
    }
    return fields;
  };
  const each = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const { panels, templating } = check('dashboard', dashboard, DASHBOARD);
  const ids = new Set<unknown>();
  for (const [index, value] of each(panels).entries()) {
    const path = `panels[${index}]`;
    const panel = check(path, value, PANEL);
    if (ids.has(panel['id'])) problems.push(`${path}.id comes twice`);
    ids.add(panel['id']);
    check(`${path}.datasource`, panel['datasource'], DATA_SOURCE);
    const { x, w } = check(`${path}.gridPos`, panel['gridPos'], GRID);
    if (Number(x) + Number(w) > 24) problems.push(`${path}.gridPos is wider than the grid`);
    for (const target of each(panel['targets'])) check(`${path}.targets`, target, TARGET);
    const { defaults } = check(`${path}.fieldConfig`, panel['fieldConfig'], FIELD_CONFIG);
    const { thresholds } = check(`${path}.fieldConfig.defaults`, defaults, DEFAULTS);
    for (const step of each((thresholds as Fields | undefined)?.['steps']))
      check(`${path}.thresholds`, step, THRESHOLD);
  }
  for (const variable of each((templating as Fields | undefined)?.['list']))
    check('templating.list', variable, VARIABLE);
  return problems;
}
