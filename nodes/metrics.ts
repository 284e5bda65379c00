import type { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import type { Node, NodeAPI } from 'node-red';
import { VERDICTS } from '../src/analysis/verdict';
import { CONTENT_TYPES, expose, formatFor } from '../src/metrics/exposition';
import {
  LookupMetrics,
  mergeFamilies,
  VerdictMetrics,
  type KeyProblem,
  type LookupOutcome,
} from '../src/metrics/lookup-metrics';
import type { ServiceStats, VirusTotalService } from '../src/lookup/service';
import { EventHub, type PublishedEvent } from './event-hub';

/** A config whose metrics are switched on. */
interface Measured {
  name: string;
  service: VirusTotalService;
  metrics: LookupMetrics;
  unsubscribe: () => void;
}

const registries = new WeakMap<EventEmitter, Metrics>();

/** The metrics of all configs of a runtime that have them switched on. Counts survive a deploy, as a counter may not go back. */
export class Metrics {
  readonly #hub: EventHub;
  readonly #configs = new Map<string, Measured>();
  #verdicts = new VerdictMetrics(VERDICTS);
  #unsubscribe: (() => void) | undefined;

  static of(RED: NodeAPI): Metrics {
    const { events } = RED as { events: EventEmitter | undefined };
    const metrics = (events && registries.get(events)) ?? new Metrics(EventHub.of(RED));
    if (events) registries.set(events, metrics);
    return metrics;
  }

  private constructor(hub: EventHub) {
    this.#hub = hub;
  }

  /** Counts what happens with this config from now on. */
  switchOn({ id, name }: Pick<Node, 'id' | 'name'>, service: VirusTotalService): void {
    const metrics = this.#configs.get(id)?.metrics ?? new LookupMetrics();
    this.#configs.get(id)?.unsubscribe();
    const unsubscribe = this.#hub.subscribe({
      kinds: new Set(['lookup', 'refused']),
      config: id,
      heard: (event) => count(metrics, event),
    });
    this.#configs.set(id, { name: name || id, service, metrics, unsubscribe });
    this.#unsubscribe ??= this.#hub.subscribe({
      kinds: new Set(['verdict']),
      heard: ({ fields }) => this.#verdicts.verdict(String(fields['verdict'])),
    });
  }

  /** Forgets a config that is deleted or has them switched off, and with the last one the verdicts. */
  switchOff(id: string): void {
    this.#configs.get(id)?.unsubscribe();
    this.#configs.delete(id);
    if (this.#configs.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#verdicts = new VerdictMetrics(VERDICTS);
  }

  /** Answers a scrape: 404 while no config has metrics switched on. */
  answer(req: Request, res: Response): void {
    if (this.#configs.size === 0) {
      res
        .status(404)
        .json({ error: { code: 'VT_CONFIG', message: 'Off: no VirusTotal config has metrics switched on' } });
      return;
    }
    const format = formatFor(req.headers.accept);
    const lists = [...this.#configs.values()].map(({ name, service, metrics }) => {
      const stats = service.stats();
      const { waiting, quota, requests } = stats;
      return metrics.families(name, {
        ...{ waiting, quota, requests, problems: problemsOf(stats) },
        oldestWaitSeconds: service.oldestWaitMs / 1000,
      });
    });
    res.setHeader('Content-Type', CONTENT_TYPES[format]);
    res.end(expose(mergeFamilies([...lists, this.#verdicts.families()]), format));
  }
}

function problemsOf({ problem, sharingProblem }: ServiceStats): ReadonlySet<KeyProblem> {
  const problems = new Set<KeyProblem>();
  const reason = problem?.reason;
  if (reason) problems.add(reason === 'rate' || reason === 'quota' ? 'pause' : reason);
  if (sharingProblem) problems.add('redis');
  return problems;
}

function count(metrics: LookupMetrics, { event, fields }: PublishedEvent): void {
  if (event === 'refused') return metrics.refused(String(fields['code']));
  metrics.lookup({
    type: String(fields['type']),
    outcome: outcomeOf(fields),
    cached: fields['cached'] === true,
    seconds: Number(fields['ms']) / 1000,
  });
}

function outcomeOf({ responseCode, positives }: PublishedEvent['fields']): LookupOutcome {
  if (responseCode === 0) return 'unknown';
  if (responseCode !== 1 || typeof positives !== 'number') return 'no-verdict';
  return positives > 0 ? 'detected' : 'clean';
}
