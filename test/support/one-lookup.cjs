// One lookup with the package as it was built, in a process of its own: options as JSON, and a domain. Prints what came of it, what
// the service says of its store, and whether ioredis was loaded. With `stay` it ends when its input does.
const { once } = require('node:events');
const { VirusTotalService } = require('../../dist/src');

async function main() {
  const service = new VirusTotalService(JSON.parse(process.argv[2]));
  const { resource } = await service.lookup({ type: 'domain', value: process.argv[3] });
  const loaded = Object.keys(require.cache).some((file) => /[\\/]ioredis[\\/]/.test(file));
  console.log(JSON.stringify({ resource, loaded, store: service.stats().sharingProblem }));
  if (process.argv[4] === 'stay') await once(process.stdin.resume(), 'end');
  await service.close();
}

void main();
