import { codeAt } from './char-class';
import { OWNERS_OF_IDS } from './hash-words';

const BACKSLASH = 0x5c;
const COLON = 0x3a;
const DOT = 0x2e;
const EQUALS = 0x3d;
const HYPHEN = 0x2d;
const LOW_LINE = 0x5f;
const SLASH = 0x2f;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const LESS = 0x3c;
const GREATER = 0x3e;
const BAR = 0x7c;

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

/** How far back a path, a name of a resource or a header begins at most. */
const REACH = 240;
/** Names that are made of an account's and an object's ids: of AWS, IBM and Oracle Cloud, and RFC 8141. */
const RESOURCE_NAME =
  /(?:^|[\s"'=,([{<])(?:arn|crn|ocid1|spn|urn(?!:(?:md5|sha-?1|sha-?256|hash):)):?[^\s"'<>]*$/i;
/** A key of the registry; what it is set to, after a colon or "=", is none. */
const REGISTRY = /(?:^|[\s"'=(])(?:HK(?:LM|CU|CR|CC|U|EY_[A-Z_]+)|\\?REGISTRY)\\[^"'<>|:=\n]*$/i;
/** A weak one; the strong one is a label and quotes. */
const ETAG = /\bW\/\\?"$/;
const COOKIES = /(?:^|[\s"'])(?:set-)?cookie"?:[^\n]*$/i;
/** What is quicker to look for. */
const NAMES_COOKIE = /cookie/i;
/** Native images of .NET are kept in folders of their own below a folder of the assembly's name. */
const NATIVE_IMAGES = /\\NativeImages_[^\\]*\\/i;
/** Kubernetes keeps the processes of a container apart below the pod's own id. */
const OF_A_POD = /\bkubepods[^\s"']*\/$/;
/** Windows Installer knows a product and its parts by a GUID without hyphens. */
const OF_THE_INSTALLER = /\\(?:components|managed|products|features|patches|upgradecodes)\\{1,2}$/i;
const CONTAINER = /(?:docker|containerd|crio|libpod|sess)[-_]$/i;
const CONTAINER_COMMAND =
  /\b(?:docker|podman|nerdctl|crictl)(?: container)? (?:image|attach|commit|cp|diff|exec|export|inspect|kill|logs|pause|port|restart|rm|start|stats|stop|top|unpause|update|wait)(?: -\S+)* $/;
/** What images and their layers are known by: "Image ID: sha256:<id>", "Digest: sha256:<id>". */
const IMAGE = /\b(?:image|container|layer|manifest|config|digest)(?:[ _-]?id)?["']?\s*[:=]\s*["']?sha256:$/i;
/** A file that a build tool has named after its content: "app.3f2a....js". */
const ASSET = /^\.(?:chunk\.|min\.)?(?:js|mjs|css|map|woff2?|ttf|svg|png|jpe?g|webp|ico)\b/;
const GUID_AFTER = /_\{?[0-9a-f]{8}-[0-9a-f]{4}-/iy;
const GUID_BEFORE = /-[0-9a-f]{4}-[0-9a-f]{12}\}?[_\\/]$/i;
/** CrowdStrike: "<customer>:ind:<device>:1-2-3", "ldt:<device>:684201". */
const COMPOSITE_AFTER = /:[a-z]{2,16}(?:-[a-z]{2,16})*:[0-9a-f]{8}/iy;
const NUMBER_AFTER = /:\d{4,}/y;
const LABEL_BEFORE = /(?:^|[\s"'=,([{<])(?!(?:md5|sha-?\d*|hash|file|sample)\b)[a-z]{2,12}:$/i;
/** ArcSight's custom fields: "cs1Label=Detection ID cs1=<id>". */
const CUSTOM_FIELD = /\b((?:cs|cn|flexString|deviceCustomString|deviceCustomNumber)\d)=$/;

/** Whether what stands around hex digits of a hash's length makes them an id: of a container, a key, a resource, a detection. */
export function isIdByPlace(text: string, start: number, end: number): boolean {
  const before = codeAt(text, start - 1);
  const after = codeAt(text, end);
  if (after === LOW_LINE && matchesAt(GUID_AFTER, text, end)) return true;
  if (after === COLON && matchesAt(COMPOSITE_AFTER, text, end)) return true;
  if (before <= SPACE) {
    return (
      before === SPACE &&
      end - start === 64 &&
      CONTAINER_COMMAND.test(text.slice(Math.max(0, start - 60), start))
    );
  }
  const head = text.slice(Math.max(0, start - REACH), start);
  if (before === COLON && after === COLON && matchesAt(NUMBER_AFTER, text, end) && LABEL_BEFORE.test(head))
    return true;
  if (before === COLON && end - start === 64 && IMAGE.test(head)) return true;
  if (before === SLASH || before === BACKSLASH) {
    if (OWNERS_OF_IDS.has(lastSegment(head))) return true;
    if (before === BACKSLASH ? NATIVE_IMAGES.test(head) || OF_THE_INSTALLER.test(head) : OF_A_POD.test(head))
      return true;
  }
  if (before === HYPHEN || before === LOW_LINE) {
    if (CONTAINER.test(head)) return true;
  }
  if ((before === DOT || before === HYPHEN) && after === DOT && ASSET.test(text.slice(end, end + 16)))
    return true;
  // Each pattern after the last character that it can end in: of most hashes none is tried.
  if (before === DOUBLE_QUOTE && ETAG.test(head)) return true;
  if ((before === LOW_LINE || before === SLASH || before === BACKSLASH) && GUID_BEFORE.test(head))
    return true;
  const isQuoted = before === DOUBLE_QUOTE || before === SINGLE_QUOTE;
  if (!isQuoted && RESOURCE_NAME.test(text.slice(startOfToken(text, start), start))) return true;
  if (mayEndKey(before) && head.includes('\\') && REGISTRY.test(head)) return true;
  return NAMES_COOKIE.test(head) && COOKIES.test(head);
}

/** Whether a key of the registry can go on to there: see the end of {@link REGISTRY}. */
function mayEndKey(code: number): boolean {
  return (
    code !== EQUALS &&
    code !== COLON &&
    code !== DOUBLE_QUOTE &&
    code !== SINGLE_QUOTE &&
    code !== LESS &&
    code !== GREATER &&
    code !== BAR
  );
}

/** The last word of the last segment of a path, in lower case. Read backwards: a pattern would be tried at each character. */
function lastSegment(path: string): string {
  const isSlash = (code: number): boolean => code === SLASH || code === BACKSLASH;
  const limit = Math.max(0, path.length - LONGEST_SEGMENT);
  let end = path.length;
  while (end > limit && isSlash(path.charCodeAt(end - 1))) end--;
  if (end > limit && path.charCodeAt(end - 1) === COLON) end--;
  let start = end;
  while (start > limit && isOfSegment(path.charCodeAt(start - 1))) start--;
  const word = path.slice(start, end).toLowerCase();
  return word === 'o' && path.slice(end - 5, end).toLowerCase() === 'cri-o' ? 'cri-o' : word;
}

const LONGEST_SEGMENT = 64;

function isOfSegment(code: number): boolean {
  const letter = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x7a) || code === DOT;
}

/** Right before the characters that go on to `end` without white space, quotes and angle brackets: no name has these. */
function startOfToken(text: string, end: number): number {
  const limit = Math.max(0, end - REACH);
  let at = end;
  while (at > limit) {
    const code = charCodeAt.call(text, --at);
    if (code <= SPACE || code === DOUBLE_QUOTE || code === SINGLE_QUOTE || code === LESS || code === GREATER)
      break;
  }
  return at;
}

function matchesAt(sticky: RegExp, text: string, at: number): boolean {
  sticky.lastIndex = at;
  return sticky.test(text);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The label of the custom field of a CEF line that a value stands in: "Detection ID" for what follows "cs1=". */
export function labelOfCustomField(text: string, start: number): string | undefined {
  if (codeAt(text, start - 1) !== EQUALS || !isDigit(codeAt(text, start - 2))) return undefined;
  const field = CUSTOM_FIELD.exec(text.slice(Math.max(0, start - 24), start))?.[1];
  if (field === undefined) return undefined;
  const around = text.slice(Math.max(0, start - 2000), start + 2000);
  const at = around.indexOf(`${field}Label=`);
  return at < 0 ? undefined : /^\w+=(.*?)(?=\s+\w+=|[\n|]|$)/.exec(around.slice(at, at + 80))?.[1];
}
