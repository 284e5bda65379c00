// The strict server as a process of its own. Started by StrictServerProcess, which it tells whatever it asks for.
import { StrictServer } from './strict-server';

const [perWindow, windowMs] = process.argv.slice(2).map(Number);
const server = new StrictServer(perWindow ?? 1, windowMs ?? 1);

void server.listen().then(({ url }) => {
  process.on('message', (count: number) => {
    const tell = (): void => {
      const { accepted, asked, refused } = server;
      if (accepted.length < count) return;
      server.taken = () => undefined;
      process.send?.({ accepted, asked, refused });
    };
    server.taken = tell;
    tell();
  });
  process.send?.({ url });
});
process.once('disconnect', () => process.exit(0));
