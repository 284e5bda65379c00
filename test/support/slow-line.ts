import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LEFT_AT } from '../../tools/fake-virustotal/strict-server';
import { JitteredLine } from './jittered-line';

/**
 * A VirusTotal that notes when each request arrives, behind a line with jitter. Requests are to say when they left (`LEFT_AT`): one that
 * a busy machine lets arrive later than within `maxTransitMs` was counted as arrived by then, as the client can't know better.
 */
export class VirusTotalBehindSlowLine {
  /** When requests for reports arrived, in ms of the machine's monotonic clock, in order. */
  readonly arrivals: number[] = [];
  readonly #http: Server;
  readonly #line: JitteredLine;

  /**
   * @param jitterMs upper limit of the delay of a chunk, in ms
   * @param maxTransitMs of a request, as in sliding-window.ts
   */
  constructor(jitterMs: number, maxTransitMs: number) {
    this.#http = createServer((request, response) => {
      const latest = Number(request.headers[LEFT_AT]) + maxTransitMs;
      if (!request.url?.includes('/users/')) this.arrivals.push(Math.min(machineTime(), latest));
      const id = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
      const data = { id, attributes: { last_analysis_stats: { malicious: 1, harmless: 69 } } };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
    });
    this.#http.keepAliveTimeout = 120_000;
    const port = (): number => (this.#http.address() as AddressInfo).port;
    this.#line = new JitteredLine(port, jitterMs, `line ${jitterMs}`);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#line.port}/api/v3/`;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    await this.#line.listen();
    return this;
  }

  close(): void {
    this.#line.close();
    this.#http.close();
  }
}

/** The clock that all processes of the machine share, in ms. */
export function machineTime(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
