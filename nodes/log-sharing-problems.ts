import type { Node } from 'node-red';
import type { SharingProblem } from '../src/lookup/limiter-backend';
import type { VirusTotalService } from '../src/lookup/service';

/**
 * Says in log and debug sidebar why the state of a key isn't shared, and when it is again: below a node there is room for a code only.
 * It ends with the service.
 */
export function logSharingProblems(node: Pick<Node, 'warn' | 'log'>, service: VirusTotalService): void {
  let lastLogged = '';
  service.onChange(() => {
    const { sharingProblem } = service.stats();
    const text = sharingProblem?.text ?? '';
    if (text === lastLogged) return;
    lastLogged = text;
    if (sharingProblem) node.warn(`${text}. Until then ${fallbackText(sharingProblem)}`);
    else node.log('Quota and cache are shared through Redis again');
  });
}

/** Says which part of the rate limit and the quotas is used meanwhile, and where that number comes from. */
function fallbackText({ share: { instances, met } }: SharingProblem): string {
  const part = instances === 1 ? 'the whole limit' : `1/${instances} of the limit`;
  if (met)
    return `lookups continue with ${part}: ${instances === 1 ? 'no other instance was' : `${instances} instances were`} seen in Redis, or are set in the VirusTotal config`;
  const set = instances === 1 ? '1 instance is' : `${instances} instances are`;
  return `lookups continue with ${part}: this process has not reached Redis since it started, and ${set} set in the VirusTotal config`;
}
