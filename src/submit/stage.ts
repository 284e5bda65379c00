/**
 * How far a submission is, for status lines.
 *
 * - `looking-up`: asks for the report, in the key's queue.
 * - `waiting`: is to be sent, and waits for its turn in the key's queue. Nothing has left yet.
 * - `uploading`: is being sent; `percent` of the body has left. From here on it may have arrived: `pending` says so.
 * - `recovering`: the answer to it was lost, so VirusTotal is asked for the report instead.
 * - `queued`: VirusTotal has it, and has not begun.
 * - `scanning`: this number of engines have answered.
 * - `done`: the result is there, or the error.
 */
export type SubmitStage =
  | { stage: 'looking-up' }
  | { stage: 'waiting' }
  | { stage: 'uploading'; percent: number }
  | { stage: 'recovering' }
  | { stage: 'queued'; analysisId?: string }
  | { stage: 'scanning'; engines: number; analysisId: string }
  | { stage: 'done' };
