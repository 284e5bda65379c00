import { codeAt, isLabel } from './char-class';
import { isFileStem } from './domain-heuristics';
import { startOfHost } from './url';

const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const OPENING = 0x28;
const SLASH = 0x2f;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const SMALL_S = 0x73;
/** The "t" of `-ComObject`. */
const LAST_OF_OBJECT = 0x74;

/** A dotted name where it stands. */
interface NameInText {
  /** In canonical form. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** What clouds call their services by, one label before it: `ec2.amazonaws.com` as the source of an event. */
const CLOUDS = ['.amazonaws.com', '.googleapis.com', '.amazonaws.com.cn'] as const;
/** Of these, what files are fetched from: a log that names it may speak of the host. */
const STORES = new Set(['s3.amazonaws.com', 'storage.googleapis.com']);
/** "compute.googleapis.com/Instance" */
const ASSET_TYPE = /\/[A-Z]\w*(?![\w/.-])/y;
/** API groups of Kubernetes. They are never looked up. */
const KUBERNETES = /(?:^|\.)(?:k8s|x-k8s)\.io$/;
/** What labels of Kubernetes itself begin with: `app.kubernetes.io/name`, and the folder of a pod's secrets. */
const LABELS_OF_KUBERNETES = /(?:^|\.)kubernetes\.io$/;
/** Groups of extensions, when a version or the name of a label follows. */
const EXTENSIONS =
  /(?:^|\.)(?:(?:openshift|istio|cert-manager|argoproj|cilium|crossplane|fluxcd|rancher|kyverno|velero|traefik|longhorn|jaegertracing|linkerd|external-secrets|keda|metallb|projectcontour|gatekeeper)\.(?:io|sh)|(?:coreos|cattle|vmware|konghq)\.(?:com|io)|projectcalico\.org|(?:tekton|knative)\.dev|helm\.sh|gke\.io|karpenter\.sh|eks\.amazonaws\.com)$/;
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
/** What Windows brings along of the time of DOS. */
const DOS_PROGRAMS = new Set(
  'chcp command diskcomp diskcopy edit format graftabl mode more tree'
    .split(' ')
    .map((name) => `${name}.com`),
);
const RENAMES = /(?:renamed(?: (?:to|as))?|(?:disguised|masquerad\w+) as) ["'`“]?$/i;
/** With a word or two between. */
const RENAMES_QUOTED =
  /(?:renam|sav|cop[iy]|writ|drop|stor)\w+(?: (?!domains?|sites?|hosts?|servers?|urls?)[^\s"'`“]+){0,3} (?:to|as) ["'`“]$/i;
/** Without quotes a host may follow as well: "copied to baddomain.com". */
const COPIES = /(?:saved|copied|written|dropped|stored) (?:to|as) $/i;

/**
 * Whether a dotted name that is spelled as a domain is the name of a service of a cloud, of a group of an API, of a class, of a
 * bundle of macOS, or what an engine calls malware.
 * @param isKeyed whether the key says so: `eventSource`, `apiVersion`
 */
export function isServiceName(text: string, { value, start, end }: NameInText, isKeyed: boolean): boolean {
  if (isKeyed) return true;
  const next = codeAt(text, end);
  if (
    isCloudService(value) &&
    (next !== SLASH || value.startsWith('type.') || matchesAt(ASSET_TYPE, text, end))
  )
    return true;
  if (
    value.endsWith('.io') &&
    (KUBERNETES.test(value) || (next === SLASH && LABELS_OF_KUBERNETES.test(value)))
  )
    return true;
  if (next === SLASH && EXTENSIONS.test(value) && matchesAt(OF_A_GROUP, text, end)) return true;
  const before = codeAt(text, start - 1);
  // "Gen::Variant.in"
  if (before === COLON && codeAt(text, start - 2) === COLON && isLabel(text, start - 3)) return true;
  if (isMadeObject(text, start, before)) return true;
  const dot = value.indexOf('.');
  if (value.indexOf('.', dot + 1) >= 0) return false;
  switch (value.slice(dot + 1)) {
    case 'app':
      return isBundle(text, start, end);
    case 'com':
      return DOS_PROGRAMS.has(value) || isRenamed(text, start, end);
    case 'shell':
    case 'network':
    case 'stream':
    case 'application':
    case 'service':
      if (PROG_IDS.has(value)) return true;
  }
  // "Microsoft.Network/virtualNetworks", a provider of resources of Azure
  return value.startsWith('microsoft.') && (next === SLASH || /^M\w*\.[A-Z]/.test(text.slice(start, end)));
}

/** Whether a name is that of a service and not of a customer of a cloud: `ec2.amazonaws.com`, not `x.s3.amazonaws.com`. */
export function isCloudService(value: string): boolean {
  // The "s" that all of them have there.
  if (value.charCodeAt(value.length - 5) !== SMALL_S && value.charCodeAt(value.length - 8) !== SMALL_S)
    return false;
  const cloud = CLOUDS.find((name) => value.endsWith(name));
  if (cloud === undefined || STORES.has(value)) return false;
  return value.indexOf('.') === value.length - cloud.length;
}

/** `createobject("wscript.shell")`, `-ComObject Wscript.Shell` */
function isMadeObject(text: string, start: number, before: number): boolean {
  const isQuoted = before === DOUBLE_QUOTE || before === SINGLE_QUOTE;
  const twoBefore = codeAt(text, start - 2);
  if (isQuoted ? !isBeforeString(twoBefore) : before !== SPACE || twoBefore !== LAST_OF_OBJECT) return false;
  return MAKES_OBJECT.test(text.slice(Math.max(0, start - 40), start));
}

/** What stands before the quote of an argument: a bracket, white space, or a backslash that escapes the quote. */
function isBeforeString(code: number): boolean {
  return code === OPENING || code === BACKSLASH || (code <= SPACE && code > 0) || code > 0x7f;
}

function isRenamed(text: string, start: number, end: number): boolean {
  const at = codeAt(text, start - 1) === SPACE ? start - 1 : start - 2;
  const last = text.charAt(at - 1);
  if (text.charAt(at) !== ' ' || (last !== 'd' && last !== 'o' && last !== 's')) return false;
  const head = text.slice(Math.max(0, start - 40), start);
  if (RENAMES.test(head) || RENAMES_QUOTED.test(head)) return true;
  return COPIES.test(head) && isFileStem(text.slice(start, end - '.com'.length).toLowerCase());
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

/** Beginnings of names of formats and claims. They are identifiers, never fetched. */
const VOCABULARIES =
  /^https?:\/\/(?:schemas\.[a-z]+\.(?:org|com)|docs\.oasis-open\.org|purl\.org|ns\.adobe\.com|xmlns\.[a-z]+\.[a-z]+|json-schema\.org|www\.w3\.org\/(?:19|20)\d\d|www\.sap\.com\/Protocols)(?:[/:]|$)/i;

/** Whether a URL is the name of a format, of a type or of a claim. */
export function isNameOfFormat(url: string): boolean {
  if (url.endsWith('.xsd')) return true;
  const host = startOfHost(url);
  const first = url.charAt(host);
  if (!'sdpnxjw'.includes(first) || (first === 'w' && !/[ws]/.test(url.charAt(host + 4)))) return false;
  return VOCABULARIES.test(url);
}
