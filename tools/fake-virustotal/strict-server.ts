import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Header with the time at which a request left, in ms: what the machine does until it arrives is no fault of the client. */
export const LEFT_AT = 'x-left-at';

/** A VirusTotal that does nothing but enforce a strict sliding window. */
export class StrictServer {
  /** When the requests left that it took, in order. */
  readonly accepted: number[] = [];
  /** What it was asked for, as often as it was. */
  readonly asked: string[] = [];
  refused = 0;
  /** Called when it has taken a request. */
  taken: () => void = () => undefined;
  readonly #server: Server;

  constructor(
    readonly perWindow: number,
    readonly windowMs: number,
  ) {
    this.#server = createServer((request, response) => {
      const taken = this.#take(Number(request.headers[LEFT_AT]));
      const id = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
      this.asked.push(id);
      if (taken) this.taken();
      const data = { id, attributes: { last_analysis_stats: { malicious: 1, harmless: 69 } } };
      response.writeHead(taken ? 200 : 429, { 'content-type': 'application/json' });
      response.end(JSON.stringify(taken ? { data } : { error: { code: 'QuotaExceededError', message: '' } }));
    });
    this.#server.keepAliveTimeout = 120_000;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v3/`;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Requests may overtake each other on their way. */
  #take(leftAt: number): boolean {
    const { accepted, perWindow, windowMs } = this;
    const earlier = accepted.findLastIndex((at) => at <= leftAt) + 1;
    accepted.splice(earlier, 0, leftAt);
    for (let first = Math.max(0, earlier - perWindow); first <= earlier; first++) {
      const oneTooMany = accepted[first + perWindow];
      if (oneTooMany === undefined || oneTooMany - (accepted[first] as number) >= windowMs) continue;
      accepted.splice(earlier, 1);
      this.refused++;
      return false;
    }
    return true;
  }
}
