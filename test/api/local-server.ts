import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LocalServer {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  port: number;
  requests: IncomingMessage[];
  close(): Promise<void>;
}

/** A server on loopback that answers as the listener says, for what the stand-in has no words for. */
export async function serve(listener: RequestListener): Promise<LocalServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The smallest v3 answer that is a report: 3 of 4 engines call the domain malicious, and it has this registrar. */
export function domainBody(registrar = 'Example Registrar'): string {
  return JSON.stringify({
    data: {
      type: 'domain',
      id: 'example.com',
      attributes: { last_analysis_stats: { malicious: 3, undetected: 1 }, registrar },
    },
  });
}
