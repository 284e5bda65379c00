import type { Node, NodeMessage } from 'node-red';
import type { VirusTotalService } from '../src/lookup/service';
import { Receipt, type Slot } from './receipt';
import type { Route } from './received';

/** What an inbox asks of the flows that its node is in. */
interface Flows {
  /** Whether they run, and no deploy is under way. */
  readonly running: boolean;
  whenRunning(): Promise<void> | undefined;
  hold(action: () => void): void;
  drop(inbox: Inbox, why: string): Promise<void>;
}

/** The messages that a node has received and that have not ended, over all deploys of the node: those with the same id. */
export class Inbox {
  readonly id: string;
  readonly type: string;
  /** The service whose lookups the node's messages wait for; set by a node that has one. */
  service: (() => VirusTotalService | undefined) | undefined;
  /** What a node leaves to the next one of its id while messages wait. */
  kept: unknown;
  /** Called when no node goes on with its messages. */
  onEnd: (() => void) | undefined;
  /** Whether the node waits for more of its service than the requests that are in its queue; set by a node that does. */
  needsService: (() => boolean) | undefined;
  /** Begins the work on a message; set by the node that is open. */
  begin: ((receipt: Receipt) => void) | undefined;
  readonly #flows: Flows;
  readonly #slots = new Set<Slot>();
  /** Messages that are received once more, by the node that goes on with them. */
  readonly #handed = new Map<NodeMessage, Receipt[]>();
  #node: Node;
  #isClosed = false;

  constructor(flows: Flows, node: Node) {
    this.#flows = flows;
    this.#node = node;
    this.id = node.id;
    this.type = node.type;
  }

  /** The node that has it now, or had it last. */
  get node(): Node {
    return this.#node;
  }

  /** No node has it. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Messages that have not ended. */
  get size(): number {
    return this.#slots.size;
  }

  get running(): boolean {
    return this.#flows.running;
  }

  whenRunning(): Promise<void> | undefined {
    return this.#flows.whenRunning();
  }

  /** Does it as soon as the flows run, in the order in which it came. */
  hold(action: () => void): void {
    this.#flows.hold(action);
  }

  /** Ends the lookups that wait for this node with `VT_CLOSED`. */
  drop(why: string): Promise<void> {
    return this.#flows.drop(this, why);
  }

  attach(node: Node): void {
    this.#node = node;
    this.#isClosed = false;
    this.service = undefined;
  }

  /** The node is closed; its messages wait for the next one. What still comes to it, too. */
  close(): void {
    this.#isClosed = true;
    this.begin = undefined;
    for (const receipt of this.#open) receipt.detach();
    if (this.size === 0) this.kept = undefined;
  }

  /**
   * A message comes in: a new one, or one that the node before this one had.
   * @returns it, when the work on it is to begin now; else it waits for the flows to run
   */
  receive(msg: NodeMessage, route: Route): Receipt | undefined {
    const known = this.#known(msg);
    known?.attach(route);
    const receipt = known ?? new Receipt(this, msg, this.#isClosed ? undefined : route);
    return this.#begins(receipt) ? receipt : undefined;
  }

  add(receipt: Receipt): void {
    receipt.slot.receipt = receipt;
    this.#slots.add(receipt.slot);
  }

  delete(receipt: Receipt): void {
    receipt.slot.receipt = undefined;
    this.#slots.delete(receipt.slot);
  }

  /** Gives the node what was left to it, as if it had just come in: so the node gets `send` and `done` of its own for it. */
  resume(): void {
    for (const receipt of this.#open) {
      if (receipt.hasRoute) continue;
      const { msg } = receipt;
      const same = this.#handed.get(msg);
      if (same) same.push(receipt);
      else this.#handed.set(msg, [receipt]);
      this.#node.receive(msg);
    }
  }

  /** Begins what came in while the flows did not run. */
  beginAll(): void {
    for (const receipt of this.#open) if (this.#begins(receipt)) this.begin?.(receipt);
  }

  /** Ends an inbox that no node takes over: from now on, results and errors of its messages go where `route` says. @returns the messages */
  end(route: (receipt: Receipt) => Route): Receipt[] {
    const open = this.#open;
    for (const receipt of open) receipt.abandon(route(receipt));
    return open;
  }

  /** As they are now, in the order in which they came. */
  get #open(): Receipt[] {
    return [...this.#slots].flatMap(({ receipt }) => receipt ?? []);
  }

  #begins(receipt: Receipt): boolean {
    if (receipt.begun) return false;
    receipt.begun = this.running && this.begin !== undefined && receipt.hasRoute;
    if (!receipt.begun) this.add(receipt);
    return receipt.begun;
  }

  #known(msg: NodeMessage): Receipt | undefined {
    const same = this.#handed.get(msg);
    const receipt = same?.shift();
    if (same?.length === 0) this.#handed.delete(msg);
    return receipt;
  }
}
