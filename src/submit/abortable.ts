import { VirusTotalError } from '../errors';

/** Ends a wait: the signal of a message, and that of the service. */
export interface Ends {
  signal?: AbortSignal | undefined;
  closing: AbortSignal;
}

/** What a wait ended with from outside rejects with; undefined: it goes on. */
export function ended({ signal, closing }: Ends): VirusTotalError | undefined {
  if (closing.aborted) return new VirusTotalError('VT_CLOSED', String(closing.reason));
  if (signal?.aborted === true)
    return new VirusTotalError('VT_CLOSED', 'Dropped: the submission was given up while it waited');
  return undefined;
}

/**
 * A promise that rejects with `VT_CLOSED` as soon as the wait for it is ended. What the promise stands for goes on.
 * @param onEnd called when the wait is over, whatever its outcome
 */
export function abortable<T>(
  promise: Promise<T>,
  ends: Ends,
  onEnd: () => void = () => undefined,
): Promise<T> {
  const { signal, closing } = ends;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => {
      finish();
      reject(ended(ends) ?? new VirusTotalError('VT_CLOSED', 'Dropped: the wait was ended'));
    };
    const finish = (): void => {
      signal?.removeEventListener('abort', abort);
      closing.removeEventListener('abort', abort);
      onEnd();
    };
    promise.then(
      (value) => {
        finish();
        resolve(value);
      },
      (error: Error) => {
        finish();
        reject(error);
      },
    );
    if (ended(ends)) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    closing.addEventListener('abort', abort, { once: true });
  });
}

/** Resolves after that time. @throws VirusTotalError `VT_CLOSED` as soon as the wait is ended */
export function sleep(ms: number, ends: Ends): Promise<void> {
  let timer: NodeJS.Timeout;
  const slept = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  return abortable(slept, ends, () => clearTimeout(timer));
}
