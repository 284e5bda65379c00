import type { Texts } from './texts';

/** What `GET /virustotal/overview` answers, as far as the sidebar shows it. Times without a unit are in ISO. */
export interface Overview {
  keys: KeyOverview[];
  verdicts: ShownVerdict[];
  troubles: ShownTrouble[];
  diagnostics: object;
}

export interface Gauge {
  used: number;
  allowed: number;
  resetsAt?: string;
}

export interface KeyOverview {
  id: string;
  name: string;
  /** The rest is absent where the config can't be used. */
  minute?: Gauge | null;
  nextStartMs?: number;
  day?: Gauge | null;
  month?: Gauge | null;
  reserve?: number;
  waiting?: number;
  oldestWaitMs?: number;
  queueMs?: number;
  cache?: { entries: number; hits: number; misses: number };
  sharing?: 'off' | 'on' | 'away';
}

/** The verdicts, in the order of the outputs. */
export const VERDICTS = ['malicious', 'trusted', 'no-match', 'missing', 'error'] as const;

export interface ShownVerdict {
  time: string;
  verdict: (typeof VERDICTS)[number];
  type: 'file' | 'url' | 'domain' | 'ip' | null;
  value: string | null;
  positives: number | null;
  total: number | null;
  reasons: string[];
  node: { id: string; name: string };
}

export interface ShownTrouble {
  id: string;
  kind: string;
  text: string;
  until?: string;
  about: { id: string; name: string; type: string };
  node: string;
}

/** The texts of the sidebar's catalogue. */
export const sidebarText: Texts = (key, values) => RED._(SIDEBAR + key, values);

/** Before the key of each of these texts. */
export const SIDEBAR = '@nr-threat-intel/node-red-virustotal/virustotal-sidebar:';
