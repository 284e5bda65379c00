import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JitteredLine } from './jittered-line';

/** A VirusTotal that notes when each request arrives, behind a line with jitter. */
export class VirusTotalBehindSlowLine {
  /** When requests for reports arrived, by the monotonic clock, in order. */
  readonly arrivals: number[] = [];
  readonly #http: Server;
  readonly #line: JitteredLine;

  /**
   * @param jitterMs a chunk takes 0 to so many
   * @param workMs how long it works on an answer
   */
  constructor(jitterMs: number, workMs = 0) {
    this.#http = createServer((request, response) => {
      if (!request.url?.includes('/users/')) this.arrivals.push(performance.now());
      const id = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
      const data = { id, attributes: { last_analysis_stats: { malicious: 1, harmless: 69 } } };
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
      }, workMs);
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
