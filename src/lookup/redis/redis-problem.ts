import { oneLine } from '../../errors';
import { lackingText, refusedBy } from './permissions';

/** Why Redis can't be used now. Not an error of a lookup: those go on without. */
export interface RedisProblem {
  code:
    | 'REDIS_DOWN'
    | 'REDIS_SLOW'
    | 'REDIS_AUTH'
    | 'REDIS_FULL'
    | 'REDIS_READ_ONLY'
    | 'REDIS_WRONG_TYPE'
    | 'REDIS_NO_DATABASE'
    | 'REDIS_BAD_REPLY'
    | 'REDIS_ERROR';
  /** For the person on duty: what it is and the way out. Holds nothing of the URL but the host. */
  text: string;
}

/**
 * What Redis' error replies mean, first match first. The texts are those of Redis 6.2 to 8 and Valkey, some of which have no code of their own
 * (`ERR DB index is out of range`), so words are compared too.
 */
const BY_REPLY: readonly [RegExp, RedisProblem['code'], string][] = [
  [
    /^(NOAUTH|WRONGPASS)|invalid (username-)?password|AUTH .*without any password/i,
    'REDIS_AUTH',
    'Redis refuses the user or the password: correct the Redis URL in the VirusTotal config',
  ],
  [
    /^OOM/,
    'REDIS_FULL',
    'Redis is full (maxmemory): give it more memory, or let it evict old reports (maxmemory-policy volatile-lru)',
  ],
  [
    /^(READONLY|NOREPLICAS|MASTERDOWN)/,
    'REDIS_READ_ONLY',
    'This Redis is read-only, as a replica is: enter the address of the master, or use Sentinel',
  ],
  [/^MISCONF/, 'REDIS_READ_ONLY', 'Redis accepts no writes because it cannot save its data: see its log'],
  [
    /WRONGTYPE/,
    'REDIS_WRONG_TYPE',
    'Something else has written to a key that begins with virustotal: delete it, or use another database',
  ],
  [/^(LOADING|TRYAGAIN|CLUSTERDOWN|BUSY)/, 'REDIS_DOWN', 'Redis is not ready yet'],
  [/^(MOVED|ASK|CROSSSLOT)/, 'REDIS_ERROR', 'This Redis is a Cluster: add ?cluster=true to the Redis URL'],
  [
    /DB index is out of range|SELECT is not allowed/i,
    'REDIS_NO_DATABASE',
    'This Redis has no database of that number: correct the Redis URL in the VirusTotal config',
  ],
  [/unknown command/i, 'REDIS_ERROR', 'This Redis lacks a required command: use version 6.2 or later'],
  [/timed out/i, 'REDIS_SLOW', 'Redis does not answer in time'],
];

const BY_NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no service listens there',
  ENOTFOUND: 'its name is unknown',
  EAI_AGAIN: 'its name cannot be resolved now',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ECONNRESET: 'it closed the connection',
};

/** What ioredis says of bytes that aren't RESP, and of an answer to nothing. */
const NOT_RESP = /\. Please report this\.$|^Command queue state error/;

/** @param missing names of commands, `keys`, `channel`; empty where Redis doesn't say what it refuses */
export function lacking(missing: readonly string[]): RedisProblem {
  return { code: 'REDIS_AUTH', text: lackingText(missing) };
}

/**
 * Describes what a Redis client threw. Never in its own words: its errors carry the commands that failed, with the password among them.
 * @param host where Redis is, for problems of the network
 */
export function describeRedisError(thrown: unknown, host: string): RedisProblem {
  const { code, text } = describe(thrown, host);
  return { code, text: oneLine(text) };
}

function describe(thrown: unknown, host: string): RedisProblem {
  const { message, code, lastNodeError } = Object(thrown) as Partial<Record<string, unknown>>;
  // Of a Cluster, none of whose nodes will do.
  if (lastNodeError) return describe(lastNodeError, host);
  const replyText = typeof message === 'string' ? message : '';
  if (code === 'REDIS_BAD_REPLY' || NOT_RESP.test(replyText))
    return {
      code: 'REDIS_BAD_REPLY',
      text: `The server at ${host} does not answer as Redis does (${code === 'REDIS_BAD_REPLY' ? replyText.replace(NOT_RESP, '') : 'it breaks the protocol'}): correct the Redis URL in the VirusTotal config, or check what is in between`,
    };
  const refused = refusedBy(thrown);
  if (refused !== undefined) return lacking([refused]);
  for (const [pattern, kind, text] of BY_REPLY) if (pattern.test(replyText)) return { code: kind, text };
  if (typeof code === 'string' && /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_|EPROTO/.test(code))
    return {
      code: 'REDIS_DOWN',
      text: `Redis at ${host} can't be reached over TLS (${code}): set NODE_EXTRA_CA_CERTS to the certificate of your own authority`,
    };
  const network = typeof code === 'string' ? BY_NETWORK[code] : undefined;
  if (network) return { code: 'REDIS_DOWN', text: `Redis at ${host} can't be reached: ${network}` };
  const word = /^[A-Z]{3,20}(?= )/.exec(replyText)?.[0];
  return word === undefined
    ? { code: 'REDIS_DOWN', text: `Redis at ${host} can't be reached` }
    : { code: 'REDIS_ERROR', text: `Redis refuses a command (${word})` };
}

/** Describes a Redis that has not answered so far. */
export function describeTimeout(sentinel: string | undefined, host: string): RedisProblem {
  if (sentinel === undefined) return describeRedisError({ code: 'ETIMEDOUT' }, host);
  return {
    code: 'REDIS_DOWN',
    text: `No Sentinel at ${host} or beside it names a master of that name that answers: correct the Redis URL in the VirusTotal config, or see their logs`,
  };
}
