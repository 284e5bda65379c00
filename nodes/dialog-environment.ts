import type { NodeAPI } from 'node-red';
import { VirusTotalError } from '../src/errors';
import type { ConfigNode } from './config-node';

/** Why a dialog's question has no answer before a deploy; the dialog says it in the reader's language. */
export class UnknownBeforeDeploy extends VirusTotalError {
  constructor(
    readonly why: 'environment' | 'notRunning',
    message: string,
  ) {
    super('VT_CONFIG', message);
  }
}

/**
 * What the fields of a config's dialog stand for. A whole `${NAME}` is the environment's value. Which one is known only to a config
 * that runs: the environment of its subflow, its tab or of all flows comes before that of the process.
 */
export class DialogEnvironment {
  /** Variables that were read from the process, as there is no running config to ask. */
  readonly assumed: string[] = [];
  /** The one that runs. */
  readonly config: ConfigNode | undefined;
  readonly #RED: NodeAPI;

  constructor(RED: NodeAPI, config: ConfigNode | undefined) {
    this.#RED = RED;
    this.config = config;
  }

  /** @throws UnknownBeforeDeploy for a variable that the process doesn't have, while there is no running config */
  valueOf(field: unknown): unknown {
    if (typeof field !== 'string') return field;
    const variable = /^\$\{([^}]+)\}$/.exec(field.trim())?.[1];
    if (variable === undefined) return field;
    const found = this.config ? this.#ofConfig(field.trim(), this.config) : process.env[variable];
    if (this.config) return found === '' ? field : found;
    if (found === undefined || found === '')
      throw new UnknownBeforeDeploy(
        'environment',
        `Variable not set: ${variable} is not set in the environment of the Node-RED process. It may be set for a subflow, a tab or all flows, which is ` +
          'known only after a deploy: deploy, then test again',
      );
    this.assumed.push(variable);
    return found;
  }

  #ofConfig(reference: string, config: ConfigNode): unknown {
    return this.#RED.util.evaluateNodeProperty(reference, 'env', config, {});
  }
}
