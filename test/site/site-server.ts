import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** The built site: `npm run docs` makes it. */
export const SITE = join(__dirname, '../../docs/.vitepress/dist');

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** Serves the files of the built site on this machine, as any web server would. */
export class SiteServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @throws Error if the site has not been built */
  static async start(): Promise<SiteServer> {
    if (!existsSync(join(SITE, 'index.html')))
      throw new Error('There is no built site in docs/.vitepress/dist: run npm run docs first');
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://site.invalid');
      const path = join(SITE, normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
      const isFile = path.startsWith(SITE) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
      response.writeHead(isFile ? 200 : 404, {
        'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      });
      response.end(isFile ? readFileSync(path) : 'Not found');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SiteServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
