import type { Node } from 'node-red';
import { inBackground } from '../src/lookup/in-background';
import { oneLine } from '../src/errors';
import type { Inbox } from './inbox';
import type { Receipt } from './receipt';
import type { Received } from './received';
import { failureText } from './status-text';
import type { StatusLine } from './status-line';

/**
 * Runs `work` for each message. Whatever goes wrong in it, thrown or rejected, ends in `done(err)` and so in a Catch node:
 * Node-RED does not look at the promise of a handler, and one that is rejected ends the whole process.
 *
 * What has not ended when the node is closed goes on in the node of the same id after the deploy: nothing but this is needed for it.
 * @param line says what went wrong; absent for a node that says it itself
 */
export function onInput(
  node: Node,
  inbox: Inbox,
  work: (received: Received) => void | Promise<void>,
  line?: Pick<StatusLine, 'status'>,
): void {
  const fail = (receipt: Receipt, thrown: unknown): void => {
    const error = readable(thrown);
    line?.status({ fill: 'red', shape: 'ring', text: failureText(error) });
    receipt.done(error);
  };
  inbox.begin = (receipt) => {
    let working: void | Promise<void>;
    try {
      working = work(receipt);
    } catch (thrown) {
      fail(receipt, thrown);
      return;
    }
    if (!working) return receipt.done();
    inbox.add(receipt);
    inBackground(
      working.then(
        () => receipt.done(),
        (thrown: unknown) => fail(receipt, thrown),
      ),
    );
  };
  node.on('input', (msg, send, done) =>
    inbox.receive(msg, { send, done, error: (error, part) => node.error(error, part) }),
  );
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
