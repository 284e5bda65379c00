import type { NodeAPI, NodeMessage } from 'node-red';
import { isObject } from '../src/report/narrow';
import type { IocType, SkippedIoc } from '../src/ioc/ioc';
import type { ServiceStats } from '../src/lookup/service';
import type { Collected, RelatedIndicator } from '../src/related/collect';
import type { Unanswered } from '../src/related/unanswered';
import type { Pivot } from '../src/related/trail';
import { MessageFanOut } from './message-fan-out';
import type { Send } from './received';
import type { RelatedSetup } from './related-setup';
import { listSkipped } from './skipped';

/** `msg.virustotal` of a related node. */
export interface RelatedMetadata {
  action: 'related';
  type?: IocType;
  resource?: string;
  /** Related indicators that are sent on. */
  found: number;
  /** How many more the message has had already. */
  repeated?: number;
  /** Whether every answer came from the cache. */
  cached: boolean;
  skipped: SkippedIoc[];
  skippedCount?: number;
  /** The number of requests that were made for this message. */
  requests: number;
  /** Relations that there is no answer to, and why. */
  unanswered?: Unanswered[];
  /** What the key has used of its quota by now. */
  quota?: ServiceStats['quota'];
}

/** What goes out for one message. */
export interface RelatedResult extends Collected {
  readonly metadata: RelatedMetadata;
  /** For `msg.pivot.seen`. */
  readonly seen: string[];
  /** For `msg.pivot.nodes`. */
  readonly nodes: string[];
  /** For `msg.depth`. */
  readonly depth: number;
}

/** Puts what was found into messages and sends them. One message goes out where nothing was found. */
export class RelatedOutput {
  readonly #RED: NodeAPI;
  readonly #emit: 'each' | 'array';
  /** Whether any relation of the node gives indicators: else the payload stays as it is. */
  readonly #givesIndicators: boolean;

  constructor(RED: NodeAPI, { emit, relations }: Pick<RelatedSetup, 'emit' | 'relations'>) {
    this.#RED = RED;
    this.#emit = emit;
    this.#givesIndicators = Object.values(relations)
      .flat()
      .some(({ givesIndicators }) => givesIndicators);
  }

  send(msg: NodeMessage, result: RelatedResult, send: Send): void {
    const { indicators } = result;
    if (this.#emit === 'array' || indicators.length === 0)
      return send(this.#complete(msg, result, { indicators, isFirst: true, payload: indicators }));
    const copies = new MessageFanOut(this.#RED, msg, { property: 'payload', count: indicators.length });
    indicators.forEach((indicator, index) =>
      send(
        this.#complete(copies.copy(index), result, {
          indicators: [indicator],
          isFirst: index === 0,
          payload: indicator,
        }),
      ),
    );
  }

  /** The facts and the list of what was not sent are in the first message only: with hundreds of indicators they would fill the memory. */
  #complete(
    msg: NodeMessage,
    result: RelatedResult,
    { indicators, isFirst, payload }: { indicators: RelatedIndicator[]; isFirst: boolean; payload: unknown },
  ): NodeMessage {
    const { metadata, related, seen, nodes, depth } = result;
    const from = indicators.map(({ value, relation, of }) => ({ value, relation, of }));
    const pivot: Pivot = { seen: [...seen], from, nodes: [...nodes] };
    const { unanswered = [] } = metadata;
    const virustotal: RelatedMetadata = {
      ...metadata,
      ...(isFirst ? listSkipped(metadata.skipped) : { skipped: [] }),
      ...(isFirst && unanswered.length > 0 ? { unanswered } : {}),
    };
    if (!isFirst) delete virustotal.unanswered;
    const { related: before } = msg as { related?: unknown };
    const hasFacts = isFirst && Object.keys(related).length > 0;
    return Object.assign(
      msg,
      { virustotal, depth, pivot },
      this.#givesIndicators ? { payload } : {},
      hasFacts ? { related: { ...(isObject(before) ? before : {}), ...related } } : {},
    );
  }
}
