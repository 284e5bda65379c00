import { setTimeout as sleep } from 'node:timers/promises';
import { Seeded } from '../../tools/fake-virustotal/seeded';
import { flowsUnderTest, LOOKUP_NODES, type LimitName, type Sharing } from './flows';
import { Ledger } from './ledger';
import { World, type Planned } from './messages';
import type { Away } from './limits-in-force';
import { machineMs } from './machine-clock';
import type { DeployType, EmbeddedNodeRed } from './node-red';

export interface RunPlan {
  /** Of what VirusTotal knows. */
  seed: string;
  /** Of what is done. */
  script: string;
  messages: number;
  limit: LimitName;
  sharing?: Sharing;
  lasting?: boolean;
  urls: { v2: string; v3: string };
  apiKey: string;
}

/** Average number of messages between two deploys, and between two `msg.reset`. */
const MESSAGES_A_DEPLOY = 500;
const MESSAGES_A_RESET = 1500;
const CONFIGS = ['vt', 'vt2'] as const;
/** A config and its node that a deploy takes away now and then. */
const AWAY = ['vt2', 'file-v2'];
/** A run in which nothing ends for so long is stuck, in ms. */
const STUCK_MS = 60_000;
/** Node-RED gives up nodes that close for two minutes. */
const LONGEST_DEPLOY_MS = 130_000;

/** One script of messages and deploys, driven through the nodes. What arrives at its end is told to `arrived`. */
export class Run {
  readonly ledger: Ledger;
  deploys = 0;
  readonly away: Away[] = [];
  /** How often it did what beside sending messages. */
  readonly did: Record<string, number> = {};
  readonly #nodeRed: EmbeddedNodeRed;
  readonly #plan: RunPlan;
  readonly #chance: Seeded;
  readonly #world: World;
  readonly #flows: ReturnType<typeof flowsUnderTest>;
  #deploying = false;
  #goesAway = false;
  #refused = false;
  /** Messages that may be under way at once. */
  #room = 100;
  #endedAt = 0;

  constructor(nodeRed: EmbeddedNodeRed, plan: RunPlan) {
    this.#nodeRed = nodeRed;
    this.#plan = plan;
    this.#chance = new Seeded(`run ${plan.script}`);
    this.#world = new World(plan.seed, plan.script);
    this.#flows = flowsUnderTest(plan.urls, plan.apiKey, plan.limit, plan);
    this.ledger = new Ledger(plan.apiKey);
  }

  /** A message has arrived in a node at the end of the flow. */
  arrived(at: string, msg: Record<string, unknown>): void {
    this.#endedAt = performance.now();
    if (at !== 'caught') {
      this.ledger.output(msg);
      return;
    }
    this.ledger.error(msg);
    const { code } = msg['error'] as { code?: string };
    if (code === 'VT_AUTH') this.#refused = true;
    if (code === 'VT_QUEUE_FULL') this.#room = 50;
  }

  /**
   * Sends all messages and waits until each has ended, or none does any more.
   * @param leaveOpen doesn't wait for the ends
   */
  async go(leaveOpen = false): Promise<void> {
    await this.#nodeRed.deploy(this.#flows);
    this.#endedAt = performance.now();
    let next: Planned | undefined;
    const isOver = (): boolean =>
      this.ledger.taken >= this.#plan.messages && (leaveOpen || this.ledger.open === 0);
    while (!this.#stuck && !isOver()) {
      let burst = this.#chance.between(1, 40);
      while (burst-- > 0 && this.ledger.taken < this.#plan.messages && this.ledger.open < this.#room) {
        next ??= this.#world.message();
        const node = this.#nodeRed.node(next.node);
        // A deploy is putting it in again.
        if (!node) break;
        const n = this.ledger.take(next);
        if (this.#goesAway && AWAY.includes(next.node)) this.ledger.mayClose(next.node);
        node.receive({ ...next.msg, n });
        next = undefined;
        this.#meanwhile(n);
      }
      if (this.#refused) this.#deploy();
      await sleep(1);
    }
    const until = performance.now() + LONGEST_DEPLOY_MS;
    while (this.#deploying) {
      if (performance.now() > until)
        throw new Error(
          `Deploy ${this.deploys} has not ended within ${LONGEST_DEPLOY_MS} ms; Node-RED says: ${this.#nodeRed.log.slice(-5).join(' / ')}`,
        );
      await sleep(1);
    }
  }

  get #stuck(): boolean {
    return performance.now() - this.#endedAt > STUCK_MS;
  }

  /** What users do beside sending messages. */
  #meanwhile(sent: number): void {
    if (sent % 100 === 0) this.#room = this.#chance.between(20, 400);
    if (this.#chance.between(1, MESSAGES_A_DEPLOY) === 1) this.#deploy();
    if (this.#chance.between(1, MESSAGES_A_RESET) === 1) this.#reset(this.#chance.pick([...LOOKUP_NODES]));
  }

  #reset(id: string): void {
    this.#count('reset of a node');
    this.ledger.mayClose(id);
    this.#nodeRed.node(id)?.receive({ reset: true });
  }

  /**
   * One node, one flow or everything, half of them everything, as the editor does unless told otherwise. After a key was
   * refused both configs, which gives it another chance.
   */
  #deploy(): void {
    if (this.#deploying) return;
    this.#deploying = true;
    if (!this.#refused && this.#chance.between(1, 6) === 1) return this.#stopAndStart();
    const type = this.#refused ? 'nodes' : this.#chance.pick<DeployType>(['nodes', 'flows', 'full', 'full']);
    const changed = this.#refused
      ? ['vt', 'vt2']
      : [this.#chance.pick([...LOOKUP_NODES, 'vt', 'vt2', 'catch', 'end', 'caught'])];
    for (const def of this.#flows) if (changed.includes(def.id)) def['name'] = `deploy ${this.deploys}`;
    this.deploys++;
    this.#refused = false;
    const away = type === 'full' && this.#chance.between(1, 4) === 1;
    this.#count(away ? 'full deploy without a config, and with it' : `deploy of type ${type}`);
    if (changed.includes('catch')) this.#count('deploy of the Catch node');
    // The one may be stopped some time before the other one.
    const stopped = type === 'full' ? CONFIGS : CONFIGS.filter((id) => changed.includes(id));
    this.#whileStopped(stopped, this.#deployed(type, away));
  }

  #stopAndStart(): void {
    this.#count('stop and start of the flows');
    this.#whileStopped(CONFIGS, this.#nodeRed.stopAndStart());
  }

  #whileStopped(configs: readonly Away['config'][], work: Promise<void>): void {
    const from = machineMs();
    void work.finally(() => {
      this.#deploying = false;
      const to = machineMs();
      for (const config of configs) this.away.push({ config, from, to });
    });
  }

  #count(what: string): void {
    this.did[what] = (this.did[what] ?? 0) + 1;
  }

  /** @param away a config and its node are taken away and come back at once */
  async #deployed(type: DeployType, away: boolean): Promise<void> {
    if (away) {
      this.#goesAway = true;
      this.ledger.mayClose('file-v2');
      await this.#nodeRed.deploy(
        this.#flows.filter(({ id }) => !AWAY.includes(id)),
        type,
      );
      this.#goesAway = false;
    }
    await this.#nodeRed.deploy(this.#flows, type);
  }
}
