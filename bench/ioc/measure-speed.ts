import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The compiler is busy with all that a text can meet for some seconds; a Node-RED runs for weeks. */
const WARM_UP_SECONDS = 4;

/** MB a second of processor time that an extractor reads of a workload, in a process of its own. */
export function measureSpeed(extractor: string, workload: string, warmUpSeconds = WARM_UP_SECONDS): number {
  const script = join(__dirname, 'speed.ts');
  const args = ['--import', 'tsx', script, extractor, workload, String(warmUpSeconds)];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}
