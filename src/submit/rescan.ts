import { VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import type { VirusTotalService } from '../lookup/service';
import { checkSubmission } from './guard';
import type { ActOptions } from './options';
import { submitSpec } from './requests';

/**
 * Asks VirusTotal to scan again what it knows, with one request, and waits neither for the analysis nor, when the answer was lost, for a sign
 * that it has arrived. It is never sent again.
 * @throws VirusTotalError in the promise; `VT_INVALID_IOC` for what may not be sent, such as a URL with a token; `VT_REQUEST` for what
 *   VirusTotal does not know; with `mayHaveArrived` when the answer was lost
 */
export async function askForRescan(
  service: VirusTotalService,
  indicator: Indicator,
  { priority, signal, owner, beforeSend }: ActOptions = {},
): Promise<void> {
  const sendable = service.filter.sendable(indicator);
  checkSubmission({ kind: 'rescan', indicator: sendable });
  await beforeSend?.();
  const spec = submitSpec(sendable, { kind: 'rescan' }, { private: false }, OBSERVER);
  const submitted = await service.fetch(spec, { priority, signal, owner });
  service.forget(sendable);
  if (submitted.analysisId === undefined && submitted.is === 'unknown')
    throw new VirusTotalError(
      'VT_REQUEST',
      `Not scanned again: VirusTotal does not know ${sendable.value}. Submit it to have it scanned`,
    );
}

const OBSERVER = { leaves: () => undefined, sent: () => undefined };
