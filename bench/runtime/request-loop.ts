import { Agent } from 'undici';
import type { RunCommand } from './command';

/** What a program without Node-RED would do at best: undici's request and JSON.parse, with a fixed number of requests in flight. */
export async function requestLoop(
  { origin, paths, headers }: NonNullable<RunCommand['requestLoop']>,
  count: number,
  inFlight: number,
): Promise<void> {
  const agent = new Agent({ connections: inFlight, pipelining: 1 });
  let sent = 0;
  const loop = async (): Promise<void> => {
    while (sent < count) {
      const path = paths[sent++ % paths.length] ?? '/';
      const { body } = await agent.request({ origin, path, method: 'GET', headers });
      JSON.parse(await body.text());
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  await agent.close();
}
