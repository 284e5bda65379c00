import { createRequire } from 'node:module';
import type { NodeAPI } from 'node-red';
import { OPTIONS, type Option } from '../src/options';
import type { DeployedConfig } from './deployed-parts';
import type { Trouble } from './troubles';

/**
 * What somebody puts into a question to others: versions, settings and figures. Of a text that was typed it says only that there is one:
 * it may be an address, a folder or a name of the own network. For the same reason the configs are numbered and not named.
 */
export function diagnosticsOf(
  RED: NodeAPI,
  configs: readonly DeployedConfig[],
  troubles: readonly Trouble[],
): object {
  return {
    versions: {
      package: packageVersion(),
      nodeRed: nodeRedVersion(RED),
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
    },
    configs: configs.map(({ id, def, node }, index) => ({
      config: index + 1,
      settings: settingsOf(def),
      figures: figuresOf(node),
      troubles: troubles.flatMap(({ kind, about }) => (about.id === id ? kind : [])),
    })),
    nodesWithoutConfig: troubles.filter(({ kind }) => kind === 'no-config').length,
  };
}

function packageVersion(): string {
  const { version } = createRequire(__filename)('@nr-threat-intel/node-red-virustotal/package.json') as {
    version: string;
  };
  return version;
}

function nodeRedVersion(RED: NodeAPI): string {
  // The types say it is a text.
  const { version } = RED as { version: unknown };
  return typeof version === 'function' ? String((version as () => unknown).call(RED)) : 'unknown';
}

function settingsOf(def: DeployedConfig['def']): Record<string, unknown> {
  const options = Object.entries<Option>(OPTIONS['virustotal-config']);
  return Object.fromEntries(
    options.flatMap(([name, option]) =>
      option.kind === 'secret' || name === 'name' ? [] : [[name, settingOf(option, def[name])]],
    ),
  );
}

function settingOf(option: Option, value: unknown): unknown {
  if (value === undefined || value === '') return 'default';
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (option.kind === 'choice' && typeof value === 'string' && option.choices.includes(value)) return value;
  if (option.kind === 'number' && Number.isFinite(Number(value))) return Number(value);
  if (option.kind === 'switch' && (value === 'true' || value === 'false')) return value === 'true';
  return 'set';
}

function figuresOf({ service }: DeployedConfig['node']): object | null {
  if (!service) return null;
  const { waiting, requesting, requests, nextStartMs, quota, cache } = service.stats();
  return {
    ...{ waiting, requesting, requests, nextStartMs, quota, cache },
    oldestWaitMs: service.oldestWaitMs,
  };
}
