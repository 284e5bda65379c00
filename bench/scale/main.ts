// npm run bench:scale: what several instances with one key get done together, and what that costs. See ../README.md.
import { parseArgs } from 'node:util';
import { findRedisServer, RedisServer } from '../../tools/redis-server';
import { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { decisionFigures } from './decisions';
import { printFigures, type Figure } from './figure';
import { redisLoadFigures } from './redis-load';
import { throughputFigures } from './throughput';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Little of everything, to see that it runs. */
    short: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (findRedisServer() === undefined)
    throw new Error('there is no redis-server here: name one in REDIS_SERVER');
  const [rounds, size] = values.short ? [1, 0.1] : [3, 1];
  const redis = await new RedisServer().start();
  const vt = await StandInProcess.start(['--plain']);
  const figures: Figure[] = [
    ...(await throughputFigures(vt, redis, rounds, size)),
    ...(await decisionFigures(redis, rounds, size)),
    ...(await redisLoadFigures(size)),
  ];
  await vt.stop();
  await redis.close();
  if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  else printFigures(figures);
}

void main();
