import type { NodeAPI, NodeDef } from 'node-red';
import { VirusTotalError } from '../src/errors';
import type { ProxyOptions, TlsOptions } from '../src/api/options';
import type { HostOptions } from '../src/lookup/options';
import { optionNames, OPTIONS, type Option } from '../src/options';
import { switchOf } from './switch';

/** As it comes from the flow file: numbers may be text, as an input field gives them. */
export type ConfigDef = NodeDef & {
  [name in keyof Omit<HostOptions, 'apiKey' | 'redisUrl' | 'tls' | 'proxy'>]?: unknown;
} & { tls?: string; proxy?: string; fileRoots?: unknown; metrics?: unknown };

interface TlsConfigNode {
  addTLSOptions(options: TlsOptions): TlsOptions & { ALPNProtocols?: string[] };
}

interface HttpProxyNode {
  url: string;
  noproxy?: string[];
  credentials?: { username?: string; password?: string };
}

const CONFIG = OPTIONS['virustotal-config'];
/** The scale of VirusTotal's waits is for tests and simulations alone: no dialog has it. */
const NUMBER_OPTIONS = [...optionNames('virustotal-config', 'number'), 'timeScale'];
const STRING_OPTIONS = [...optionNames('virustotal-config', 'choice'), 'apiUrl', 'allowList'];

/** Switches that the service does not know. */
const OF_THE_NODE = ['metrics'];

/** What Node-RED keeps apart from the flow file, encrypted. */
export interface Credentials {
  apiKey?: unknown;
  redisUrl?: unknown;
}

/**
 * The service's options from a config node's properties. What is empty takes its default.
 * @throws VirusTotalError `VT_CONFIG`
 */
export function serviceOptions(
  RED: NodeAPI,
  def: Partial<ConfigDef>,
  { apiKey, redisUrl }: Credentials,
): HostOptions {
  if (typeof apiKey !== 'string' || apiKey === '')
    throw new VirusTotalError(
      'VT_CONFIG',
      'No API key: the VirusTotal config has no API key yet. Open it, paste your key, and deploy',
      { reason: 'no-key' },
    );
  const options: Record<string, unknown> = { apiKey };
  const given: Record<string, unknown> = def;
  for (const name of NUMBER_OPTIONS) {
    const value = given[name];
    if (value !== undefined && value !== '' && value !== null)
      options[name] = typeof value === 'string' ? Number(value.trim() || NaN) : value;
  }
  for (const [name, option] of Object.entries<Option>(CONFIG))
    if (option.kind === 'switch' && !OF_THE_NODE.includes(name))
      options[name] = switchOf(name, given[name], option.default);
  for (const name of STRING_OPTIONS)
    if (typeof given[name] === 'string' && given[name] !== '') options[name] = given[name];
  if (typeof redisUrl === 'string' && redisUrl !== '') options['redisUrl'] = redisUrl;
  const tls = tlsOptions(RED, def.tls);
  const proxy = proxyOptions(RED, def.proxy);
  return {
    ...(options as unknown as HostOptions),
    ...(tls ? { tls } : {}),
    ...(proxy ? { proxy } : {}),
  };
}

function tlsOptions(RED: NodeAPI, id: string | undefined): TlsOptions | undefined {
  if (!id) return undefined;
  const node = RED.nodes.getNode(id) as unknown as TlsConfigNode | null;
  if (typeof node?.addTLSOptions !== 'function')
    throw new VirusTotalError(
      'VT_CONFIG',
      'No TLS config: the TLS config that this VirusTotal config uses is missing or disabled',
    );
  return node.addTLSOptions({});
}

function proxyOptions(RED: NodeAPI, id: string | undefined): ProxyOptions | undefined {
  if (!id) return undefined;
  const node = RED.nodes.getNode(id) as unknown as HttpProxyNode | null;
  if (typeof node?.url !== 'string')
    throw new VirusTotalError(
      'VT_CONFIG',
      'No proxy config: the proxy config that this VirusTotal config uses is missing or disabled',
    );
  const { username, password } = node.credentials ?? {};
  return {
    url: node.url,
    noProxy: node.noproxy ?? [],
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
  };
}
