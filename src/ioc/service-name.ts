/** A dotted name where it stands. */
interface NameInText {
  /** In canonical form. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** What clouds call their services by, one label before it: `ec2.amazonaws.com` as the source of an event. */
const CLOUDS = new Set(['amazonaws.com', 'amazonaws.com.cn', 'googleapis.com']);
/** Of these, what files are fetched from: a log that names it may speak of the host. */
const STORES = new Set(['s3.amazonaws.com', 'storage.googleapis.com']);
/** "compute.googleapis.com/Instance" */
const ASSET_TYPE = /\/[A-Z]\w*(?![\w/.-])/y;
/** Groups of the API of Kubernetes, which nobody looks up. */
const KUBERNETES = /(?:^|\.)(?:k8s|x-k8s)\.io$/;
/** Groups of extensions, when a version or the name of a label follows. */
const EXTENSIONS =
  /(?:^|\.)(?:(?:openshift|istio|cert-manager|argoproj|cilium|crossplane|fluxcd|rancher|kyverno|velero|traefik|longhorn|jaegertracing|linkerd|external-secrets|keda|metallb|projectcontour|gatekeeper)\.(?:io|sh)|(?:coreos|cattle|vmware|konghq)\.(?:com|io)|projectcalico\.org|(?:tekton|knative)\.dev|helm\.sh)$/;
const OF_A_GROUP = /\/(?:v\d+(?:(?:alpha|beta)\d+)?(?![\w/.-])|[a-z][a-z-]*(?:[:=]|["']\s*:))/y;
/** Classes of Windows that scripts make objects of, whose last word is a top-level domain. */
const PROG_IDS = new Set([
  'wscript.shell',
  'wscript.network',
  'adodb.stream',
  'shell.application',
  'word.application',
  'excel.application',
  'schedule.service',
  'mmc20.application',
]);
const MAKES_OBJECT =
  /(?:create|get|activex)object\s*\(\s*\\?["']$|-com(?:object)?\s+["']?$|fromprogid\s*\(\s*["']$/i;
/** What the words of `RENAMES` end in. */
const VERB_ENDS = /(?:d|to|as) ["'`“]?$/;
const RENAMES =
  /(?:renamed(?: (?:to|as))?|(?:saved|copied|written|dropped|stored) (?:to|as)|(?:disguised|masquerad\w+) as) ["'`“]?$/i;

/**
 * Whether a dotted name that is spelled as a domain is the name of a service of a cloud, of a group of an API, of a class, of a
 * bundle of macOS, or what an engine calls malware.
 * @param isKeyed whether the key says so: `eventSource`, `apiVersion`
 */
export function isServiceName(text: string, { value, start, end }: NameInText, isKeyed: boolean): boolean {
  if (isKeyed) return !STORES.has(value);
  const dot = value.indexOf('.');
  const rest = value.slice(dot + 1);
  const next = text.charAt(end);
  if (
    isCloudService(value) &&
    (next !== '/' || value.startsWith('type.') || matchesAt(ASSET_TYPE, text, end))
  )
    return true;
  if (value.endsWith('.io') && KUBERNETES.test(value)) return true;
  if (next === '/' && EXTENSIONS.test(value) && matchesAt(OF_A_GROUP, text, end)) return true;
  // "Gen::Variant.in"
  if (text.charAt(start - 1) === ':' && /\w::$/.test(text.slice(Math.max(0, start - 3), start))) return true;
  if (rest.includes('.')) return false;
  if (PROG_IDS.has(value)) return true;
  if (isInQuotes(text, start) && MAKES_OBJECT.test(text.slice(Math.max(0, start - 40), start))) return true;
  if (rest === 'app') return isBundle(text, start, end);
  // "Microsoft.Network/virtualNetworks", a provider of resources of Azure
  if (value.startsWith('microsoft.')) return next === '/' || /^M\w*\.[A-Z]/.test(text.slice(start, end));
  return (
    rest === 'com' && VERB_ENDS.test(text.slice(Math.max(0, start - 5), start)) && isRenamed(text, start)
  );
}

/** Whether a name is that of a service and not of a customer of a cloud: `ec2.amazonaws.com`, not `x.s3.amazonaws.com`. */
export function isCloudService(value: string): boolean {
  return CLOUDS.has(value.slice(value.indexOf('.') + 1)) && !STORES.has(value);
}

function isInQuotes(text: string, start: number): boolean {
  const before = text.charAt(start - 1);
  return before === '"' || before === "'" || before === ' ';
}

function isRenamed(text: string, start: number): boolean {
  return RENAMES.test(text.slice(Math.max(0, start - 40), start));
}

/** "Chrome.app", "/Applications/Foo Bar.app", "chrome.app/Contents" */
function isBundle(text: string, start: number, end: number): boolean {
  if (/^\\?\/Contents\b/.test(text.slice(end, end + 12))) return true;
  return (
    /^\p{Lu}[\p{Ll}\d]/u.test(text.slice(start, start + 2)) ||
    /\/Applications\/[^\n"':]*$/.test(text.slice(Math.max(0, start - 120), start))
  );
}

function matchesAt(sticky: RegExp, text: string, at: number): boolean {
  sticky.lastIndex = at;
  return sticky.test(text);
}

/** Where nothing but the names of formats and of claims begin, which nobody fetches. */
const VOCABULARIES =
  /^https?:\/\/(?:schemas\.[a-z]+\.(?:org|com)|docs\.oasis-open\.org|purl\.org|ns\.adobe\.com|xmlns\.[a-z]+\.[a-z]+|json-schema\.org|www\.w3\.org\/(?:19|20)\d\d|www\.sap\.com\/Protocols)(?:[/:]|$)/i;

/** Whether a URL is the name of a format, of a type or of a claim. */
export function isNameOfFormat(url: string): boolean {
  return VOCABULARIES.test(url);
}
