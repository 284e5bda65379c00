// The VirusTotal stand-in of the tests as a child process: it is TypeScript, and runs through tsx.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** Starts it with what it is to know and the quota it is to enforce. It ends with this process, however that ends. */
export async function startStandIn(root, { catalogue, quota }) {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const main = join(root, 'tools', 'fake-virustotal', 'main.ts');
  const child = spawn(process.execPath, [`--import=${tsx}`, main, '--with-stdin'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Ctrl-C goes to the whole group: this process decides when the stand-in ends.
    detached: process.platform !== 'win32',
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The VirusTotal stand-in ended with exit code ${code}`);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), failed]);
  failed.catch(() => {});
  const { origin, v3, apiKey } = JSON.parse(line);
  await fetch(`${origin}/__stand-in/reset`, { method: 'POST', body: JSON.stringify({ catalogue, quota }) });
  return {
    url: v3,
    apiKey,
    counts: async () => (await fetch(`${origin}/__stand-in/counts`)).json(),
    async close() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
