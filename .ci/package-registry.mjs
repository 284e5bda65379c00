import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/**
 * A package registry on loopback that npm can install from. It has the tarballs that it was given and nothing else, so that an install
 * needs no network.
 */
export class PackageRegistry {
  /** Names of packages, each with its versions: manifest and bytes of the tarball. */
  #packages = new Map();
  #server = createServer((request, response) => this.#answer(request, response));
  url = '';

  async listen() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Serves this tarball as a version of its package, which becomes the latest one. Returns its manifest. */
  publish(tarball) {
    const manifest = JSON.parse(
      execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }),
    );
    const versions = this.#packages.get(manifest.name) ?? new Map();
    versions.delete(manifest.version);
    versions.set(manifest.version, { manifest, bytes: readFileSync(tarball) });
    this.#packages.set(manifest.name, versions);
    return manifest;
  }

  #answer(request, response) {
    const [name, version] = decodeURIComponent(request.url.split('?')[0]).slice(1).split('/-/');
    const versions = this.#packages.get(name);
    if (request.method !== 'GET' || !versions) response.writeHead(404).end('{}');
    else if (version) response.end(versions.get(version)?.bytes);
    else {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(this.#packument(name, versions)));
    }
  }

  #packument(name, versions) {
    const entries = [...versions].map(([version, { manifest, bytes }]) => {
      const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
      const tarball = `${this.url}/${name}/-/${version}`;
      return [version, { ...manifest, dist: { tarball, integrity } }];
    });
    return { name, 'dist-tags': { latest: entries.at(-1)[0] }, versions: Object.fromEntries(entries) };
  }
}
