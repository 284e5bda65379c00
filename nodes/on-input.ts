import type { Node, NodeMessage } from 'node-red';
import { inBackground } from '../src/lookup/in-background';
import { oneLine } from '../src/one-line';
import { failureText } from './status-text';
import type { StatusLine } from './status-line';

/** What the node's `send` takes: a message, or for several outputs an array with a message or null for each. */
export type Send = (msg: NodeMessage | (NodeMessage | null)[]) => void;

/** A message that a node has received and works on. */
export interface Received {
  readonly msg: NodeMessage;
  /** Sends a message on in its name. */
  readonly send: Send;
  /** For a part of it that failed: `msg` goes to the Catch nodes, each of which makes its own copy, or into the log. */
  readonly error: (error: Error, msg: NodeMessage) => void;
}

/**
 * Runs `work` for each message. Whatever goes wrong in it, thrown or rejected, ends in `done(err)` and so in a Catch node:
 * Node-RED does not look at the promise of a handler, and one that is rejected ends the whole process.
 *
 * @param line says what went wrong; absent for a node that says it itself
 */
export function onInput(
  node: Pick<Node, 'on' | 'error'>,
  work: (received: Received) => void | Promise<void>,
  line?: Pick<StatusLine, 'status'>,
): void {
  node.on('input', (msg, send, done) => {
    const fail = (thrown: unknown): void => {
      const error = readable(thrown);
      line?.status({ fill: 'red', shape: 'ring', text: failureText(error) });
      done(error);
    };
    let working: void | Promise<void>;
    try {
      working = work({ msg, send, error: (error, part) => node.error(error, part) });
    } catch (thrown) {
      fail(thrown);
      return;
    }
    if (working) inBackground(working.then(() => done(), fail));
    else done();
  });
}

/** What isn't an error of this package, as what an expression of the user's has thrown, may quote anything. */
function readable(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(oneLine(String(thrown)));
  const message = oneLine(thrown.message);
  if (message === thrown.message) return thrown;
  return Object.assign(new Error(message), 'code' in thrown ? { code: thrown.code } : {});
}
