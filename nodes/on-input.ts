import { inBackground } from '../src/in-background';
import { oneLine } from '../src/errors';
import type { Inbox } from './inbox';
import type { Receipt } from './receipt';
import type { Received } from './received';

/** What a node does with its messages. */
export interface MessageHandler {
  /** What is thrown or rejected ends the message, in a Catch node. */
  receive(received: Received): void | Promise<void>;
  /** Called when a message ends with this error, before a Catch node receives it. */
  failed?(error: Error): void;
}

/**
 * Has a node's messages handled. Whatever goes wrong, thrown or rejected, ends in `done(err)` and so in a Catch node: Node-RED does not look at
 * the promise of a handler, and one that is rejected ends the whole process.
 *
 * What has not ended when the node is closed goes on in the node of the same id after the deploy: nothing but this is needed for it.
 */
export function onInput(inbox: Inbox, handler: MessageHandler): void {
  const { node } = inbox;
  const fail = (receipt: Receipt, thrown: unknown): void => {
    const error = readable(thrown);
    handler.failed?.(error);
    receipt.done(error);
  };
  const begin = (receipt: Receipt): void => {
    let working: void | Promise<void>;
    try {
      working = handler.receive(receipt);
    } catch (thrown) {
      return fail(receipt, thrown);
    }
    if (!working) return receipt.done();
    inbox.add(receipt);
    const done = (): void => receipt.done();
    inBackground(working.then(done, (thrown: unknown) => fail(receipt, thrown)));
  };
  inbox.begin = begin;
  node.on('input', (msg, send, done) => {
    const receipt = inbox.receive(msg, { send, done, error: (error, part) => node.error(error, part) });
    if (receipt) begin(receipt);
  });
  node.on('close', (done: () => void) => {
    inbox.close();
    // Until then its messages that are already on their way come in, and wait as well.
    setImmediate(done);
  });
}

/** What isn't an error of this package, as what an expression of the user's has thrown, may quote anything. */
function readable(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(oneLine(String(thrown)));
  const message = oneLine(thrown.message);
  if (message === thrown.message) return thrown;
  return Object.assign(new Error(message), 'code' in thrown ? { code: thrown.code } : {});
}
