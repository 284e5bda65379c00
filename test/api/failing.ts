import { expect } from 'chai';
import { VirusTotalError } from '../../src/errors';

/** The error that a lookup ends with; a lookup that doesn't fail fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<VirusTotalError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome))
    throw new Error(`no failure but ${JSON.stringify(outcome.value)?.slice(0, 200)}`);
  expect(outcome.error).to.be.instanceOf(VirusTotalError);
  return outcome.error as VirusTotalError;
}

/** What a constructor throws. */
export function refusalOf(construct: () => unknown): VirusTotalError {
  try {
    construct();
  } catch (error) {
    expect(error).to.be.instanceOf(VirusTotalError);
    return error as VirusTotalError;
  }
  throw new Error('nothing was refused');
}
