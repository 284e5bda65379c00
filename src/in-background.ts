import { oneLine } from './errors';

/**
 * Runs a promise in the background. An unhandled rejection ends the whole Node-RED process, so none gets out of here: a
 * failure, which is a mistake in this package, becomes a warning of the process. Without the error's message, as what failed may have had
 * the API key in its hands.
 */
export function inBackground(work: Promise<unknown> | undefined): void {
  work?.catch((error: unknown) => {
    const { name, stack = '' } = error instanceof Error ? error : { name: typeof error };
    const [where = ''] = /\n {4}at .*/.exec(stack) ?? [];
    process.emitWarning(oneLine(`Work in the background failed (${name})${where}`), 'VirusTotalWarning');
  });
}
