import type { LoggedRequest } from './request-log';

/**
 * One answer gone wrong. What is left out is as in the right answer, so `{ delayMs: 200 }` is only late, and `{}` is the
 * right answer.
 */
export interface Fault {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as it is; an object as JSON. */
  body?: string | object;
  /** An error page as proxies and front ends send it; a string is the page. */
  html?: boolean | string;
  /** Wait before the first byte. `Infinity`, or `"forever"` in JSON: never answer. */
  delayMs?: number | 'forever';
  /** Destroy the connection before the first byte, or after half of the body. */
  cut?: 'before' | 'half';
  /** JSON that ends too early, in a complete HTTP body. */
  brokenJson?: boolean;
  /** Send the body in pieces of `bytes` (default 1), one each `everyMs`. */
  drip?: { everyMs: number; bytes?: number };
  /** Put the key that came with the request into the body, as VirusTotal did in 2020; status 401 (v2: 403) by default. */
  echoKey?: boolean;
  /** Location of a redirect, absolute or relative; status 302 by default. */
  redirect?: string;
  /** `true`: gzip although the client did not ask for it; `false`: never; `"claimed"`: the header says gzip and the body is not. */
  gzip?: boolean | 'claimed';
  /** Puts this number of nested arrays into the right body. */
  nested?: number;
  /** A small gzip body that becomes this many bytes. */
  gzipBomb?: number;
  /**
   * Destroy the connection when more than this many bytes of the request's body have arrived (0: when its headers have), or when the
   * whole body has. VirusTotal does nothing then. For an answer that is lost although VirusTotal has done it: `cut: 'before'`.
   */
  cutBody?: number;
  /** Answer as soon as the headers have arrived, before the body is read. */
  early?: boolean;
  /** Whether VirusTotal does what the request asks, although it answers so. Default: not with a `status` of 400 to 503. Only for a request that writes. */
  done?: boolean;
  /** Play it that many times. Default 1. */
  times?: number;
}

export type FaultScript =
  | readonly Fault[]
  | Readonly<Record<string, readonly Fault[]>>
  | ((request: LoggedRequest) => Fault | undefined);

/** Hands out the faults of a script: in order for all requests, in order for each indicator, or as a function says. */
export class FaultQueue {
  #next: (request: LoggedRequest) => Fault | undefined = () => undefined;
  /** The faults are for indicators, which a submission has in its body. */
  byIndicator = false;

  load(script: FaultScript): void {
    this.byIndicator = typeof script === 'object' && !isList(script);
    if (typeof script === 'function') this.#next = script;
    else if (isList(script)) {
      const queue = unfold(script);
      this.#next = () => queue();
    } else {
      const queues = new Map(
        Object.entries(script).map(([indicator, faults]) => [indicator, unfold(faults)]),
      );
      this.#next = (request) => {
        for (const indicator of request.indicators) {
          const fault = queues.get(indicator)?.();
          if (fault) return fault;
        }
        return undefined;
      };
    }
  }

  next(request: LoggedRequest): Fault | undefined {
    return this.#next(request);
  }
}

/** Whether a request that writes does so although the fault is its answer. */
export function isDone({ done, status, cutBody, early }: Fault): boolean {
  if (cutBody !== undefined || early) return false;
  return done ?? !(status !== undefined && status >= 400 && status !== 504);
}

function isList(script: FaultScript): script is readonly Fault[] {
  return Array.isArray(script);
}

function unfold(faults: readonly Fault[]): () => Fault | undefined {
  let place = 0;
  let played = 0;
  return () => {
    const fault = faults[place];
    if (fault && ++played >= (fault.times ?? 1)) {
      place++;
      played = 0;
    }
    return fault;
  };
}
