import type { NodeMessage } from 'node-red';
import type { Received, Route, Send } from './received';

type Action = (route: Route) => void;

/** What a message asks of the inbox that it is in. */
interface Holder {
  /** Whether the flows run; what a message comes to meanwhile waits. */
  readonly running: boolean;
  whenRunning(): Promise<void> | undefined;
  hold(action: () => void): void;
  delete(receipt: Receipt): void;
}

/**
 * The place of a message in the tables of its inbox, which lets go of it when it has ended. V8 keeps the old tables of a set that grows and
 * shrinks until a full collection, and all that they name with them: by the receipt itself, each message with its report was moved twice
 * before it was freed.
 */
export interface Slot {
  receipt: Receipt | undefined;
}

/** A message that a node has received, until it has ended. It outlives the node: what it says meanwhile waits for the next one. */
export class Receipt implements Received {
  readonly msg: NodeMessage;
  /** Whether work on it has begun. */
  begun = false;
  readonly slot: Slot = { receipt: undefined };
  readonly #inbox: Holder;
  #route: Route | undefined;
  /** What it had to say while no node had it. */
  #pending: Action[] = [];
  #ended = false;
  #isAbandoned = false;

  constructor(inbox: Holder, msg: NodeMessage, route: Route | undefined) {
    this.#inbox = inbox;
    this.msg = msg;
    this.#route = route;
  }

  get hasRoute(): boolean {
    return this.#route !== undefined;
  }

  get ended(): boolean {
    return this.#ended || this.#isAbandoned;
  }

  readonly send: Send = (out) => this.#act(({ send }) => send(out));

  readonly error = (error: Error, msg: NodeMessage): void => this.#act((route) => route.error(error, msg));

  readonly whenRunning = (): Promise<void> | undefined => this.#inbox.whenRunning();

  /** The message has ended, as a whole with an error if one is given. What comes after that is ignored. */
  done(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#act((route) => {
      this.#inbox.delete(this);
      route.done(error);
    });
  }

  /** The node that had it is closed. */
  detach(): void {
    this.#route = undefined;
  }

  /** No node goes on with it: what is still said of it goes there. */
  abandon(route: Route): void {
    this.#isAbandoned = true;
    this.attach(route);
  }

  attach(route: Route): void {
    this.#route = route;
    for (const action of this.#pending.splice(0)) action(route);
  }

  #act(action: Action): void {
    if (this.#inbox.running) this.#apply(action);
    else this.#inbox.hold(() => this.#apply(action));
  }

  #apply(action: Action): void {
    if (this.#route) action(this.#route);
    else this.#pending.push(action);
  }
}
