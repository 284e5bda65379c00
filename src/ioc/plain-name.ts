/**
 * Endings that are a top-level domain and far more often something else: a file's extension, or a member of an object in
 * code. A bare name with one of them is a domain only if something says so.
 */
const DOUBTFUL: ReadonlySet<string> = new Set(
  (
    'zip mov py sh rs md so ps pm mk tf cab properties map foo bar test private example invalid home java php cpp ' +
    'call open post read save select show target style name id pid next new now run date day here how like link ' +
    'page parts ping pin play prod search tab type watch zone group host data final fail free hot is as do it in to ' +
    'be at my no so me security services support exchange docs dev app'
  ).split(' '),
);

/** Of these, the ones that people do write as domains: enough for a bare name of lower-case letters, with care. */
const LIKELY: ReadonlySet<string> = new Set(
  'in is it to be at no me dev app my link host page zone'.split(' '),
);

/** Endings that are a file's extension with stems like these. */
const FILE_ENDINGS: ReadonlySet<string> = new Set(
  'pl cc ml in am la do st ai bz ms sc vi id is pub inc ps com me'.split(' '),
);
const FILE_STEM =
  /^(?:lib.*|main|index|readme|setup|install|installer|script|test|tests|config|configure|makefile|run|build|update|utils?|init|command|common|types?|backup|deploy|license|changelog)$/;

const PACKAGE_ROOTS: ReadonlySet<string> = new Set(
  'com org net edu gov io java javax jdk sun android androidx kotlin scala system microsoft'.split(' '),
);

/** Names of products and of parts of programs that end like a domain. */
const NOT_DOMAINS: ReadonlySet<string> = new Set(
  'asp.net ado.net vb.net ml.net system.io system.net java.io java.net java.security socket.io engine.io'.split(
    ' ',
  ),
);

/**
 * Whether a dotted name that nothing speaks for is a domain to the reader of a text, and not a file, a package, a piece
 * of code or two sentences without a space. `raw` is the name as written, `value` the same in canonical form.
 */
export function isDomainInProse(raw: string, value: string, registered: string, next: string): boolean {
  const rawLabels = raw.split('.');
  const labels = value.split('.');
  const ending = labels[labels.length - 1] ?? '';
  const rawEnding = rawLabels[rawLabels.length - 1] ?? '';
  if (registered.includes('_') || NOT_DOMAINS.has(value)) return false;
  if (isCapitalised(rawEnding) && !rawLabels.every(isCapitalised)) return false;
  if (isCapitalised(rawEnding) && ending.length < 3) return false;
  if (labels.length > 2 && PACKAGE_ROOTS.has(labels[0] ?? '') && !/^(?:com|net|org|[a-z]{2})$/.test(ending))
    return false;
  if (labels.length > 2 && /^(?:com|org|net)$/.test(labels[0] ?? '') && ending === 'io') return false;
  if (next === '(') return false;
  const stem = labels[labels.length - 2] ?? '';
  if (labels.length === 2 && FILE_ENDINGS.has(ending) && FILE_STEM.test(stem)) return false;
  if (!DOUBTFUL.has(ending)) return true;
  if (/[a-z][A-Z]/.test(raw)) return false;
  if (labels[0] === 'www') return true;
  return LIKELY.has(ending) && labels.length === 2
    ? stem.length > 4 || /\d|-/.test(stem)
    : LIKELY.has(ending);
}

function isCapitalised(label: string): boolean {
  return /^[A-Z][a-z]+$/.test(label);
}
