/** What a bench process tells the runtime process to do. */
export interface RunCommand {
  /** Ids of the node that messages go in at and of the sink they come out of. */
  entry: string;
  sink: string;
  /** Messages that go in. */
  count: number;
  /** How many are under way at once. */
  inFlight: number;
  /** Messages that come out for one that goes in. Default 1. */
  outOfOne?: number;
  /** Messages that go in for one that comes out. Default 1. */
  inForOne?: number;
  workload: Workload;
  /** The sink behind an events node, and its events for one message: what is still to be sent when all messages have come out is waited for, off the clock. */
  told?: { sink: string; events: number };
  /** In place of a flow: bare undici requests and JSON.parse. */
  requestLoop?: { origin: string; paths: string[]; headers: Record<string, string> };
}

/** What the messages hold; the message itself is made in the runtime process. */
export type Workload =
  /**
   * One of the values in turn as payload, and as `url` what the http request node is to ask. With `refresh` nothing comes from
   * the cache, as if each were asked for the first time.
   */
  | { kind: 'lookup'; values: string[]; urls?: string[]; refresh?: boolean }
  /** A report as payload, a copy for each message. */
  | { kind: 'report'; report: string }
  | { kind: 'text'; text: string }
  /** The results of one incident after another, each ten of them; `judged` is their messages without `parts`, as JSON. */
  | { kind: 'incident'; judged: string };

export interface Measured {
  ms: number;
  cpuMs: number;
  delayP99Ms: number;
  /** With `told`: the share of the events that were sent while messages came out, and of those that were dropped. */
  toldMeanwhile?: number;
  dropped?: number;
}

/** Fills the queue of a config node whose rate limit is on. */
export interface QueueCommand {
  entry: string;
  config: string;
  count: number;
}

export interface Queued {
  /** Bytes, the message included. */
  heapPerMessage: number;
  delayP99Ms: number;
}

/** Sends all results but the last of `count` incidents. */
export interface IncidentsCommand {
  entry: string;
  sink: string;
  count: number;
  /** As in the workload. */
  judged: string;
}

export interface Held {
  /** Bytes, the messages that are kept included. */
  heapPerGroup: number;
}
