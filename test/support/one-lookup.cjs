// One lookup with the package as it was built, in a process of its own: options as JSON, a domain, and a pattern. Prints what came of it,
// what the service says of its store when that is as the pattern has it, and whether ioredis was loaded. With `stay` it ends when its
// input does.
const { once } = require('node:events');
const { setTimeout: pause } = require('node:timers/promises');
const { VirusTotalService } = require('../../dist/src');

async function main() {
  const service = new VirusTotalService(JSON.parse(process.argv[2]));
  const { resource } = await service.lookup({ type: 'domain', value: process.argv[3] });
  const loaded = Object.keys(require.cache).some((file) => /[\\/]ioredis[\\/]/.test(file));
  const store = () => service.stats().sharingProblem;
  while (!new RegExp(process.argv[4]).test(JSON.stringify(store()))) await pause(10);
  console.log(JSON.stringify({ resource, loaded, store: store() }));
  if (process.argv[5] === 'stay') await once(process.stdin.resume(), 'end');
  await service.close();
}

void main();
