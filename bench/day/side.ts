import type { DayOfVirusTotal } from './virustotal';

/** What every side has: VirusTotal, and somebody to tell of verdicts. */
export interface Setting {
  readonly vt: DayOfVirusTotal;
  /** Milliseconds between two lookups, as the free key allows. */
  readonly intervalMs: number;
  /** Seconds that a report is kept, where a side keeps any. */
  readonly keptSeconds: number;
  /** A value has a report, in this alert. */
  readonly judged: (alert: number, value: string) => void;
}

/** One way to look up what alerts are about. */
export interface Side {
  receive(alert: number, payload: unknown): void;
  /** Flows are deployed, all of them. */
  redeploy(): void;
  /** Node-RED, or n8n, ends and starts again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface SideKind {
  readonly name: string;
  /** What it does, in a sentence. */
  readonly does: string;
  open(setting: Setting): Side;
}
