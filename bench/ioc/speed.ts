// One extractor on one workload in a process of its own, so that neither meets what the other left to the compiler and
// to the heap. Prints MB a second of processor time, the best of some rounds: what else the machine does counts less.
// Arguments: the extractor, the workload, and the seconds until the compiler is done with both.
import { extractors } from './extractors';
import { workloads } from './texts';

const ROUNDS = 5;
const SECONDS_A_ROUND = 0.3;

const [, , name, workload = '', warmUpSeconds] = process.argv;
const extractor = extractors.find((one) => one.name === name);
const texts = workloads[workload] ?? [];
const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;

function speed(atLeastSeconds: number): number {
  const start = process.cpuUsage();
  let runs = 0;
  for (;;) {
    for (const text of texts) extractor?.find(text);
    runs++;
    const { user, system } = process.cpuUsage(start);
    const seconds = (user + system) / 1e6;
    if (seconds > atLeastSeconds) return (megabytes * runs) / seconds;
  }
}

speed(Number(warmUpSeconds));
process.stdout.write(String(Math.max(...Array.from({ length: ROUNDS }, () => speed(SECONDS_A_ROUND)))));
