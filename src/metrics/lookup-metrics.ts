import { ERROR_CODES } from '../errors';
import type { Family, Sample } from './exposition';

/** What a lookup came to, as its report says it; the verdict is Report Analysis' matter. */
export type LookupOutcome = (typeof OUTCOMES)[number];

const OUTCOMES = ['detected', 'clean', 'unknown', 'no-verdict'] as const;

/** One lookup that has its report. */
export interface LookupMeasure {
  type: string;
  outcome: LookupOutcome;
  cached: boolean;
  /** From the message to the report. */
  seconds: number;
}

/** The state of a key at the moment of a scrape. */
export interface KeyMeasures {
  waiting: number;
  oldestWaitSeconds: number;
  requests: number;
  quota: Record<'day' | 'month', { used: number; allowed: number }>;
  /** What keeps lookups from starting, or from sharing their limits, now. */
  problems: ReadonlySet<KeyProblem>;
}

/** `key`: VirusTotal refuses it; `pause`: VirusTotal asks to wait; `day`, `month`: the quota is used up; `redis`: it can't be reached. */
export type KeyProblem = (typeof KEY_PROBLEMS)[number];

const KEY_PROBLEMS = ['key', 'pause', 'day', 'month', 'redis'] as const;

/** Upper bounds in seconds: an answer takes tenths of a second, a place in the queue of a public key minutes. */
const BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600] as const;

/** Counts by the value of one label. */
class Counts {
  readonly #counts: Map<string, number>;

  /** @param known values that are there before they are counted */
  constructor(known: readonly string[] = []) {
    this.#counts = new Map(known.map((value) => [value, 0]));
  }

  add(value: string): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  samples(label: string, common: Readonly<Record<string, string>>): Sample[] {
    return [...this.#counts].map(([value, count]) => ({
      labels: { ...common, [label]: value },
      value: count,
    }));
  }
}

/** What the lookups of one config have come to since the process started. The labels have few values each: no indicator is one. */
export class LookupMetrics {
  readonly #lookups: Readonly<Record<LookupOutcome, Counts>> = {
    detected: new Counts(),
    clean: new Counts(),
    unknown: new Counts(),
    'no-verdict': new Counts(),
  };
  /** Each code from the start: of a counter that begins with its first count, Prometheus sees no increase. */
  readonly #refusals = new Counts(ERROR_CODES);
  #hits = 0;
  /** Each has those that took longer than the bound before; they are added up when they are read. */
  readonly #buckets = new Float64Array(BUCKETS.length);
  #sum = 0;
  #count = 0;

  lookup({ type, outcome, cached, seconds }: LookupMeasure): void {
    this.#lookups[outcome].add(type);
    if (cached) this.#hits += 1;
    let index = 0;
    while (seconds > (BUCKETS[index] ?? Infinity)) index += 1;
    if (index < BUCKETS.length) this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    this.#sum += seconds;
    this.#count += 1;
  }

  refused(code: string): void {
    this.#refusals.add(code);
  }

  /** @param config name of the config, which becomes the label `config` */
  families(config: string, key: KeyMeasures): Family[] {
    const common = { config };
    const one = (value: number): Sample[] => [{ labels: common, value }];
    const periods = (what: 'used' | 'allowed'): Sample[] =>
      (['day', 'month'] as const).map((period) => ({
        labels: { ...common, period },
        value: key.quota[period][what],
      }));
    return [
      {
        name: 'virustotal_lookups',
        type: 'counter',
        help: 'Lookups that have a report, by type of the indicator and outcome.',
        samples: OUTCOMES.flatMap((outcome) =>
          this.#lookups[outcome]
            .samples('type', common)
            .map(({ labels, value }) => ({ labels: { ...labels, outcome }, value })),
        ),
      },
      {
        name: 'virustotal_requests',
        type: 'counter',
        help: 'Requests to VirusTotal that were started with the API key, in this process.',
        samples: one(key.requests),
      },
      {
        name: 'virustotal_refusals',
        type: 'counter',
        help: 'Lookups and messages that ended in an error, by its code.',
        samples: this.#refusals.samples('code', common),
      },
      {
        name: 'virustotal_cache_hits',
        type: 'counter',
        help: 'Lookups that were answered from the cache.',
        samples: one(this.#hits),
      },
      {
        name: 'virustotal_waiting_lookups',
        type: 'gauge',
        help: 'Lookups that wait or are under way.',
        samples: one(key.waiting),
      },
      {
        name: 'virustotal_oldest_wait_seconds',
        type: 'gauge',
        help: 'For how long the oldest lookup has waited; 0 when none waits.',
        samples: one(key.oldestWaitSeconds),
      },
      {
        name: 'virustotal_quota_used',
        type: 'gauge',
        help: 'Lookups that are used of the quota of the day and of the month (UTC).',
        samples: periods('used'),
      },
      {
        name: 'virustotal_quota_allowed',
        type: 'gauge',
        help: 'Lookups that the quota of the day and of the month allows; 0: not counted.',
        samples: periods('allowed'),
      },
      {
        name: 'virustotal_problem',
        type: 'gauge',
        help: '1 while lookups do not start (key, pause, day, month) or do not share their limits (redis), else 0.',
        samples: KEY_PROBLEMS.map((problem) => ({
          labels: { ...common, problem },
          value: key.problems.has(problem) ? 1 : 0,
        })),
      },
      {
        name: 'virustotal_lookup_duration_seconds',
        type: 'histogram',
        help: 'Time from a message to its report, with the time in the queue.',
        samples: this.#histogram(common),
      },
    ];
  }

  #histogram(common: Readonly<Record<string, string>>): Sample[] {
    const bucket = (le: string, value: number): Sample => ({
      labels: { ...common, le },
      value,
      suffix: '_bucket',
    });
    let sum = 0;
    return [
      ...BUCKETS.map((bound, index) => bucket(String(bound), (sum += this.#buckets[index] ?? 0))),
      bucket('+Inf', this.#count),
      { labels: common, value: this.#sum, suffix: '_sum' },
      { labels: common, value: this.#count, suffix: '_count' },
    ];
  }
}

/** What the Report Analysis nodes have judged since the process started. */
export class VerdictMetrics {
  readonly #verdicts: Counts;

  /** @param verdicts all that there are */
  constructor(verdicts: readonly string[]) {
    this.#verdicts = new Counts(verdicts);
  }

  verdict(verdict: string): void {
    this.#verdicts.add(verdict);
  }

  families(): Family[] {
    return [
      {
        name: 'virustotal_verdicts',
        type: 'counter',
        help: 'Verdicts of the Report Analysis nodes.',
        samples: this.#verdicts.samples('verdict', {}),
      },
    ];
  }
}

/** OpenMetrics has the samples of a family in one block: those of several configs are put together. */
export function mergeFamilies(lists: readonly (readonly Family[])[]): Family[] {
  const merged = new Map<string, Family>();
  for (const family of lists.flat()) {
    const before = merged.get(family.name);
    merged.set(family.name, before ? { ...family, samples: [...before.samples, ...family.samples] } : family);
  }
  return [...merged.values()];
}
