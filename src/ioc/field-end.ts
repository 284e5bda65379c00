/** Words that a command begins with, as they follow a URL in a shell: `wget http://host/x;chmod +x x`. */
const COMMANDS =
  'ash bash busybox cat cd certutil chattr chmod chown cmd copy cp crontab cscript curl dash del echo eval exec exit export ftpget gunzip ' +
  'gzip iex java kill killall ls mkdir move msiexec mshta mv nohup perl php ping pkill powershell printf pwsh python python2 python3 reg ' +
  'regsvr32 rm ruby rundll32 schtasks service sh sleep source start su sudo systemctl tar tftp timeout touch unzip wget wscript zsh';

const COMMAND = new RegExp(
  `^(?:\\s|\\.{0,2}/(?:\\w|$)|(?:${COMMANDS.replaceAll(' ', '|')})(?:\\.exe)?(?:[\\s;&|"'\`)+%$]|$))`,
  'i',
);

/** Whether a command of a shell follows. */
export function isCommand(next: string): boolean {
  return COMMAND.test(next);
}

/** `Payload URL: `, `"name": ` */
const TITLE = /^ ?[A-Z][\w-]{0,30}(?: [\w-]{1,20}){0,5} ?:(?:\s|$)/;
const KEY_AND_SIGN = /^[A-Za-z_][\w.-]{0,40}=/;
const NAME_AND_COLON = /^["']?[A-Za-z_][\w.-]{0,40}["']?:/;
const AFTER_COMMA = /(?:^|[,{([])\s*["']?[A-Za-z_][\w.-]{0,40}["']?([=:])$/;

/**
 * Whether a comma or semicolon at `at` separates the URL that begins at `start` from the next field of a list, a table or
 * a log, or from the next command.
 */
export function endsField(text: string, start: number, at: number): boolean {
  const separator = text.charAt(at);
  const before = text[start - 1] ?? '\n';
  if (before === separator) return true;
  const next = text.slice(at + 1, at + 130);
  if (next === '' || /^(?:\s|["']|h[tx]{2}ps?[:[]|ftp:)/i.test(next)) return true;
  if ((separator === ';' && isCommand(next)) || TITLE.test(next)) return true;
  if (separator === ',' && isNextOfPairs(text.slice(Math.max(0, start - 48), start), next)) return true;
  const isQuery = /[?&][^/]*$/.test(text.slice(Math.max(start, at - 200), at));
  if (!isQuery && (MAIL.test(next) || KEY_OF_URL.test(next))) return true;
  return /\s/.test(before) && !isQuery && NEXT_FIELD.test(next);
}

/** `url=http://host/x,src=1.2.3.4`: what stands before the URL is a key among such pairs. */
function isNextOfPairs(head: string, next: string): boolean {
  const sign = AFTER_COMMA.exec(head)?.[1];
  return (sign === '=' && KEY_AND_SIGN.test(next)) || (sign === ':' && NAME_AND_COLON.test(next));
}

/** Whether a key and its sign of equality stand at a position. */
export function isNextKey(text: string, at: number): boolean {
  return KEY_AND_SIGN.test(text.slice(at, at + 44));
}

const MAIL = /^[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+(?![\w/:@-])/;

/** `,referer=http://` */
const KEY_OF_URL = /^[\w.-]{1,40}[=:]\\?["']?h[tx]{2}ps?:\/\//i;

/** An address, a date, a hash or a word, up to the next separator. */
const NEXT_FIELD =
  /^(?:\d{1,3}(?:\.\d{1,3}){3}|\d{4}-\d\d-\d\d[\w:. -]*|[0-9a-f]{32,64}|[a-z_]{4,})\s*(?:[,;]|$|[\r\n])/i;
