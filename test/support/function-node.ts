import { compileFunction } from 'node:vm';
import type { NodeDef } from './example-flow';

type Message = Record<string, unknown>;

interface Shown {
  fill: string;
  shape: string;
  text: string;
}

type Code = (...given: unknown[]) => unknown;

/** The code of a function node of a flow, run in this process, so that a test can set the clock that it reads. */
export class FunctionNode {
  readonly statuses: Shown[] = [];
  readonly flow = new Map<string, unknown>();
  readonly context = new Map<string, unknown>();
  readonly env = new Map<string, string>();
  readonly #code: Code;

  constructor(nodes: readonly NodeDef[], name: string) {
    const func = nodes.find((node) => node.type === 'function' && node.name === name)?.['func'];
    if (typeof func !== 'string') throw new Error(`The flow has no function node ${name}`);
    this.#code = compileFunction(func, ['msg', 'flow', 'context', 'env', 'node']) as Code;
  }

  /** What it returns for the message. */
  run(msg: Message): unknown {
    const node = { status: (shown: Shown) => this.statuses.push(shown) };
    return this.#code(msg, this.flow, this.context, this.env, node);
  }
}
