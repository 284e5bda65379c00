import type { Privacy } from '../api/submission-requests';
import { VirusTotalError } from '../errors';
import type { VirusTotalService } from '../lookup/service';
import { indicatorOf, type SubmitTarget } from './target';

/** What is written to VirusTotal takes API v3. @throws VirusTotalError `VT_CONFIG` */
export function needV3(service: VirusTotalService): void {
  if (service.apiVersion === 'v2')
    throw new VirusTotalError(
      'VT_CONFIG',
      'API v3 needed: nothing is submitted with API v2. Choose v3 in the VirusTotal config',
    );
}

/**
 * A target in its canonical form.
 * @throws VirusTotalError `VT_INVALID_IOC` for what may not be sent: private, on the allow list, or not what it is said to be
 */
export function sendableTarget(
  service: VirusTotalService,
  target: SubmitTarget,
  privacy: Privacy,
): SubmitTarget {
  const indicator = service.filter.sendable(indicatorOf(target));
  if (target.kind === 'rescan') {
    if (privacy.private && !(indicator.type === 'file' && indicator.value.length === 64))
      throw new VirusTotalError(
        'VT_INVALID_IOC',
        'Not scanned again: in private scanning that is possible for a file by its SHA-256 only',
      );
    return { kind: 'rescan', indicator };
  }
  if (target.kind === 'file') return target;
  if (indicator.type !== 'url')
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Not submitted: ${target.url} is a wrapped link that tells no more than the domain ${indicator.value}`,
    );
  return { kind: 'url', url: indicator.value };
}
