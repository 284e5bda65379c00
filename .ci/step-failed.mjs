/** A step failed, and what comes after it must not run. */
export class StepFailed extends Error {}
