/**
 * How each command of the scripts is tried: what stands in Lua behind its name. KEYS[1] is a text that ends by itself, KEYS[2] is a name
 * of nothing, ARGV[1] the channel. None leaves anything behind.
 */
export const TRIALS: Readonly<Record<string, string>> = {
  SET: "KEYS[1], '', 'PX', 1000",
  GET: 'KEYS[1]',
  STRLEN: 'KEYS[1]',
  EXISTS: 'KEYS[1]',
  TYPE: 'KEYS[1]',
  PTTL: 'KEYS[1]',
  PEXPIRE: 'KEYS[1], 1000',
  // A text has no fields: refused for its type, where it isn't by the ACL.
  HSET: "KEYS[1], 'a', ''",
  HGET: "KEYS[2], 'a'",
  HMGET: "KEYS[2], 'a'",
  HDEL: "KEYS[2], 'a'",
  HLEN: 'KEYS[2]',
  HKEYS: 'KEYS[2]',
  ZADD: "KEYS[2], 'XX', 0, 'a'",
  ZREM: "KEYS[2], 'a'",
  ZRANGE: 'KEYS[2], 0, -1',
  ZRANGEBYSCORE: "KEYS[2], '-inf', '+inf'",
  ZREMRANGEBYSCORE: "KEYS[2], '-inf', '+inf'",
  ZREVRANGE: 'KEYS[2], 0, 0',
  ZSCORE: "KEYS[2], 'a'",
  TIME: '',
  PUBLISH: "ARGV[1], ''",
  DEL: 'KEYS[1]',
};

/** Of the scripts' commands, those that they do without where they are refused. */
const OPTIONAL = new Set(['INFO']);
/** Commands that are sent without a script: to run scripts, to subscribe to reports, to empty the cache. */
export const DIRECT = ['EVAL', 'EVALSHA', 'SUBSCRIBE', 'SCAN', 'UNLINK'] as const;

/** The commands that scripts call and can't do without. */
export function commandsOf(scripts: Readonly<Record<string, string>>): string[] {
  const called = Object.values(scripts).flatMap((lua) =>
    [...lua.matchAll(/redis\.p?call\('([A-Z]+)'/g)].map(([, name = '']) => name),
  );
  return [...new Set(called)].filter((name) => !OPTIONAL.has(name)).sort();
}

/** A script that tries the commands, and replies with those that the ACL refuses, or `keys`, or `channel`. */
export function checkScript(commands: readonly string[]): string {
  const inOrder = Object.keys(TRIALS).filter((name) => commands.includes(name) || name === 'DEL');
  const tries = inOrder.map(
    (name) => `try('${name}'${TRIALS[name] === '' ? '' : `, ${TRIALS[name] ?? ''}`})`,
  );
  return `
local missing = {}
local function try(name, ...)
  local reply = redis.pcall(name, ...)
  local err = type(reply) == 'table' and reply.err
  if not err or not (string.find(err, "can't") or string.find(err, 'permission')) then return end
  if string.find(err, 'channel') then table.insert(missing, 'channel')
  elseif string.find(err, 'run th') then table.insert(missing, name)
  elseif string.find(err, 'key') then table.insert(missing, 'keys') end
end
${tries.join('\n')}
return missing
`;
}

/** What the check script replies with; what isn't Redis may reply anything. */
export function isRefusal(name: unknown): name is string {
  return name === 'keys' || name === 'channel' || (typeof name === 'string' && Object.hasOwn(TRIALS, name));
}

/** What an error says that the ACL refuses: a command, `keys` or `channel`; undefined when it is about something else. */
export function refusedBy(error: unknown): string | undefined {
  const { message } = Object(error) as { message?: unknown };
  if (typeof message !== 'string' || !isPermission(message)) return undefined;
  const command = /run the '([\w|]{1,40})' command/.exec(message)?.[1];
  if (command !== undefined) return command.toUpperCase();
  if (/channel/.test(message)) return 'channel';
  return /\bkeys?\b/.test(message) ? 'keys' : '';
}

/** By NOPERM, or in a script by other words, which differ from version to version. */
export function isPermission(message: string): boolean {
  return /^NOPERM|The user executing the script can't|ACL failure in script/.test(message);
}

/** @param missing names of commands, `keys`, `channel`; empty where Redis doesn't say what it refuses */
export function lackingText(missing: readonly string[]): string {
  const named = [...new Set(missing)].filter((name) => name !== '').sort();
  const places = [
    named.includes('keys') ? 'the keys virustotal:*' : '',
    named.includes('channel') ? 'the channels virustotal:*' : '',
  ];
  const commands = named.filter((name) => name !== 'keys' && name !== 'channel');
  const wanted = [
    commands.length > 0 ? `the command${commands.length > 1 ? 's' : ''} ${commands.join(', ')}` : '',
    ...places,
  ].filter((part) => part !== '');
  const what = wanted.length > 0 ? wanted.join(' and ') : 'its commands, keys and channels';
  return `Redis does not let this user do what is needed: allow it ${what}. The whole rule (ACL SETUSER) is in docs/scaling.md`;
}
