import type { SubmitStage } from './stage';

/** When a thing is sent. */
export type SubmitWhen = 'unknown' | 'older' | 'always';

/** Where a request of a submission stands in the queue of its key, and what ends it. */
export interface ActOptions {
  /** 0 first .. 9 last. Default 5. Polls have 9. */
  priority?: number | undefined;
  /** Ends the wait with `VT_CLOSED`: the error has `analysisId` when there is one. What was sent is not taken back. */
  signal?: AbortSignal | undefined;
  /** @internal For a comment or a vote: called when it leaves, just before the first byte does. Must not throw. */
  onLeave?: (() => void) | undefined;
  /** @internal The lookups of one message have the same: see `LookupOptions.batch`. */
  batch?: object | undefined;
  /** @internal For `VirusTotalService.drop`, which ends it with `VT_CLOSED` too, but only while a request of it waits. Prefer `signal`. */
  owner?: object | undefined;
  /**
   * Called at most once, when the next step sends something to VirusTotal that isn't a lookup, and never when a message with the same thing
   * has sent it already. What it throws (a VirusTotalError) ends the submission: a day's limit of submissions is counted here. A promise is waited for.
   */
  beforeSend?: (() => void | Promise<void>) | undefined;
}

/** How something is submitted. */
export interface SubmitOptions extends ActOptions {
  /**
   * `unknown`: only what VirusTotal does not know; else its report is the result. `older`: also what it scanned more than `maxAgeDays` ago,
   * again. `always`: whatever it knows. A file that it knows is never uploaded, but scanned again. Default `unknown`. For a rescan
   * `unknown` is as `always`.
   */
  when?: SubmitWhen | undefined;
  /** For `when: "older"`, in days. Default 30. */
  maxAgeDays?: number | undefined;
  /** Wait for the report. `false`: the result is the id of the analysis. Default true. */
  wait?: boolean | undefined;
  /** For the analysis at VirusTotal, in ms, from the answer to the submission on; then `VT_TIMEOUT` with `analysisId`. Default 600,000. */
  timeoutMs?: number | undefined;
  /** Private scanning, which takes a license of its own: nothing is shared or looked up in public. Default false. */
  private?: boolean | undefined;
  /** Called with each change. Must not throw. */
  onStage?: ((stage: SubmitStage) => void) | undefined;
}
