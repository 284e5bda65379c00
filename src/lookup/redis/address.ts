import { VirusTotalError } from '../../errors';

/** Where Redis is and how to log in. */
export interface RedisAddress {
  /** One server; or several Sentinels or Cluster nodes, of which any will do. */
  hosts: readonly { host: string; port: number }[];
  tls: boolean;
  username: string | undefined;
  password: string | undefined;
  /** Number of the database. Default 0, and always 0 in a Cluster. */
  db: number;
  /** Name of the master that the hosts, which are Sentinels then, watch over. */
  sentinel: string | undefined;
  cluster: boolean;
}

const FORM = /^(rediss?):\/\/(?:([^@]*)@)?([^@/?#]+)(?:\/([^/?#]*))?(?:\?([^#]*))?$/i;
const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;

/**
 * Reads `redis://user:password@host:6379/0`, or `rediss://` for TLS. With `?sentinel=mymaster` the hosts, separated by commas,
 * are Sentinels; with `?cluster=true` they are nodes of a Cluster. User and password are percent-encoded where they hold `@`, `/`,
 * `:`, `?`, `#` or `%`.
 * @throws VirusTotalError `VT_CONFIG` that says what is wrong and quotes nothing: it could be the password
 */
export function redisAddress(url: string): RedisAddress {
  const variable = /^\$\{([^}]*)\}$/.exec(url.trim())?.[1];
  if (variable !== undefined) throw refused(`the environment variable ${variable} is not set`);
  if (url.trim() === '')
    throw refused('there is none: enter one as redis://host:6379, or keep the quota in memory');
  const [, scheme = '', login, places = '', path = '', query = ''] = FORM.exec(url.trim()) ?? [];
  if (!scheme) throw refused('it must look like redis://user:password@host:6379/0, or rediss:// for TLS');
  const options = new URLSearchParams(query);
  const sentinel = options.get('sentinel') ?? undefined;
  const cluster = isOn(options.get('cluster'));
  for (const name of options.keys())
    if (name !== 'sentinel' && name !== 'cluster')
      throw refused('after the question mark only sentinel=NAME and cluster=true are known');
  if (sentinel !== undefined && cluster) throw refused('sentinel and cluster exclude each other');
  const hosts = places.split(',').map((place) => hostOf(place, sentinel ? SENTINEL_PORT : REDIS_PORT));
  if (hosts.length > 1 && sentinel === undefined && !cluster)
    throw refused('several hosts need ?sentinel=NAME or ?cluster=true');
  if (!/^\d*$/.test(path)) throw refused('after the slash there must be the number of the database');
  if (cluster && Number(path) !== 0) throw refused('a Cluster has only database 0');
  return {
    hosts,
    tls: scheme.toLowerCase() === 'rediss',
    ...credentials(login),
    db: Number(path),
    sentinel,
    cluster,
  };
}

function isOn(flag: string | null): boolean {
  return flag !== null && !/^(false|0|no)$/i.test(flag);
}

function hostOf(place: string, defaultPort: number): { host: string; port: number } {
  const [, bracketed, name, port] =
    /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::(\d+))?$/i.exec(place.trim()) ?? [];
  const host = bracketed ?? name;
  const number = port === undefined ? defaultPort : Number(port);
  if (host === undefined || number < 1 || number > 65_535) throw refused('a host or a port is not readable');
  return { host, port: number };
}

function credentials(login: string | undefined): Pick<RedisAddress, 'username' | 'password'> {
  if (login === undefined) return { username: undefined, password: undefined };
  const colon = login.indexOf(':');
  const [user, password] = colon < 0 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)];
  try {
    return {
      username: decodeURIComponent(user) || undefined,
      password: decodeURIComponent(password) || undefined,
    };
  } catch {
    throw refused('user or password has a % that encodes nothing: write %25 for it');
  }
}

function refused(why: string): VirusTotalError {
  return new VirusTotalError('VT_CONFIG', `Redis URL not valid: ${why}`);
}

/** What of the URL must be in no text. */
export function redisSecrets(url: string | undefined): string[] {
  if (!url) return [];
  try {
    const { password = '' } = redisAddress(url);
    return [url, password];
  } catch {
    return [url];
  }
}
