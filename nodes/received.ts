import type { NodeMessage } from 'node-red';

/** What the node's `send` takes: a message, or for several outputs an array with a message or null for each. */
export type Send = (msg: NodeMessage | (NodeMessage | null)[]) => void;

/** A message that a node has received and works on. */
export interface Received {
  readonly msg: NodeMessage;
  /** Sends a message on in its name; in a deploy as soon as the flows run again, from the node of the same id. */
  readonly send: Send;
  /** For a part of it that failed: `msg` goes to the Catch nodes, each of which makes its own copy, or into the log. */
  readonly error: (error: Error, msg: NodeMessage) => void;
  /** For work that went on after something else: waits until a deploy is over, in which config nodes are missing. */
  readonly whenRunning: () => Promise<void> | undefined;
  /** No node goes on with it: nothing more is to be asked for it. */
  readonly ended: boolean;
}

/** Where the words about a message go: Node-RED's callbacks for it, of the node that has it now. */
export interface Route {
  send: Send;
  error(error: Error, msg: NodeMessage): void;
  done(error?: Error): void;
}
