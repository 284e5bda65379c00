import type { Node } from 'node-red';
import { VirusTotalError } from '../src/errors';
import type { Indicator } from '../src/ioc/ioc';
import type { VirusTotalService } from '../src/lookup/service';
import { DoneActs } from './done-acts';
import type { Inbox } from './inbox';
import type { NodeEvents } from './node-events';
import { SubmitCount } from './submit-count';
import { SubmitJournal } from './submit-journal';
import type { SubmitSetup } from './submit-setup';
import { SubmitStatus } from './submit-status';

const NODE_GONE = 'Node gone: it was removed or disabled while the analysis was under way';

/** What a node that is deployed now brings to what its predecessors of the same id have begun. */
export interface Deployed {
  readonly node: Node;
  /** Undefined while the node can't be used: nothing is sent. */
  readonly setup: SubmitSetup | undefined;
  readonly events: NodeEvents;
  /** @throws VirusTotalError `VT_CONFIG` */
  readonly service: () => VirusTotalService;
}

const states = new WeakMap<Inbox, SubmitState>();

/** What a submit node has under way and remembers, over all deploys of the node. */
export class SubmitState {
  readonly journal: SubmitJournal;
  readonly acts: DoneActs;
  readonly status: SubmitStatus;
  readonly inbox: Inbox;
  readonly #count: SubmitCount;
  readonly #waiting = new Set<AbortController>();
  #deployed!: Deployed;

  /** That of the node before, if there was one. */
  static open(inbox: Inbox, settings: unknown): SubmitState {
    const before = states.get(inbox);
    if (before) {
      before.#attach(inbox.node);
      return before;
    }
    const state = new SubmitState(inbox, settings);
    states.set(inbox, state);
    return state;
  }

  private constructor(inbox: Inbox, settings: unknown) {
    const { node } = inbox;
    this.inbox = inbox;
    this.journal = new SubmitJournal(node, settings);
    this.acts = new DoneActs(node, settings);
    this.#count = new SubmitCount(node, settings);
    this.status = new SubmitStatus(node);
    inbox.onEnd = () => this.#end();
    // Between two questions about an analysis, none is in the queue.
    inbox.needsService = () => this.#waiting.size > 0;
  }

  get deployed(): Deployed {
    return this.#deployed;
  }

  deploy(deployed: Deployed): void {
    this.#deployed = deployed;
  }

  /** For the wait of one message, which `msg.reset` and the end of the node end. */
  newWait(): AbortController {
    const wait = new AbortController();
    this.#waiting.add(wait);
    return wait;
  }

  endWait(wait: AbortController): void {
    this.#waiting.delete(wait);
    this.status.ended(wait);
  }

  /** Ends the wait of all messages with `VT_CLOSED`. What was sent is not taken back. */
  drop(why: string): void {
    for (const wait of this.#waiting) wait.abort(new VirusTotalError('VT_CLOSED', why));
  }

  /**
   * Called when something is about to leave: by the settings that are deployed then.
   * @throws VirusTotalError in the promise: `VT_CONFIG` without consent, `VT_QUOTA` when the node has sent as many as it may
   */
  async beforeSend(action: string, indicator: Indicator): Promise<void> {
    const { setup, events } = this.#deployed;
    if (!setup?.consent) throw noConsent();
    await this.#count.take(setup.maxPerDay);
    // The entry is to be on the disk before anything leaves.
    await this.journal.loading;
    events.submitted(action, indicator);
  }

  /** Does it once the flows run: what is said of a message before is lost. */
  whenRunning(action: () => void): void {
    if (this.inbox.running) action();
    else this.inbox.hold(action);
  }

  #attach(node: Node): void {
    this.journal.attach(node);
    this.acts.attach(node);
    this.#count.attach(node);
    this.status.attach(node);
  }

  /** The node is removed, and with it what it has kept. */
  #end(): void {
    this.journal.forget();
    this.acts.forget();
    this.#count.forget();
    this.drop(NODE_GONE);
  }
}

/** What a message ends with while the box is not ticked. */
export function noConsent(): VirusTotalError {
  return new VirusTotalError(
    'VT_CONFIG',
    'Not sent: consent is missing. What is submitted becomes public. Open this node, read what becomes public, tick the consent box ' +
      '(I agree, and I may publish what is submitted here), and deploy',
    { reason: 'no-consent' },
  );
}
