import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { oneLine } from '../src/errors';
import { nextMidnight, nextMonth } from '../src/lookup/quota-count';
import type { ServiceStats } from '../src/lookup/service';
import { defang } from '../src/summary/defang';
import { diagnosticsOf } from './diagnostics';
import { deployedParts, type DeployedConfig } from './deployed-parts';
import { OverviewTick } from './overview-tick';
import { RecentVerdicts, type RecentVerdict } from './recent-verdicts';
import { troublesOf } from './troubles';

/** Longer indicators are cut: a list is to be read. */
const MAX_VALUE_CHARS = 300;
/** Characters that change how the text beside them is shown, as the marks that turn its direction. */
const FORMATTING = /\p{Cf}/gu;

/** Answers with what the sidebar shows; with `?brief` with what the status bar shows. The editor that asked is notified of changes for a while. */
export function answerOverview(RED: NodeAPI, req: Request, res: Response): void {
  OverviewTick.of(RED).asked();
  res.set('Cache-Control', 'no-store');
  const { configs, nodes } = deployedParts(RED);
  if (req.query['brief'] !== undefined) {
    res.json({ keys: configs.map(dayOf) });
    return;
  }
  const troubles = troublesOf(configs, nodes);
  res.json({
    keys: configs.map(keyOf),
    verdicts: RecentVerdicts.of(RED).list().map(shown),
    troubles,
    diagnostics: diagnosticsOf(RED, configs, troubles),
  });
}

function dayOf({ id, name, node: { service } }: DeployedConfig): object {
  return { id, name, day: service ? quotaOf(service.stats(), 'day') : null };
}

/** How a key is doing. Times are in ms, quotas in lookups, resets in ISO. */
function keyOf({ id, name, def, node }: DeployedConfig): object {
  const { service, problem } = node;
  if (!service)
    return {
      ...{ id, name },
      problem: { code: problem?.code ?? 'VT_CONFIG', text: problem?.message ?? 'Not running' },
    };
  const stats = service.stats();
  const { averageIntervalMs, oldestWaitMs } = service;
  return {
    ...{ id, name, problem: stats.problem, nextStartMs: stats.nextStartMs },
    minute: service.minute,
    day: quotaOf(stats, 'day'),
    month: quotaOf(stats, 'month'),
    reserve: stats.reserve?.lookups ?? 0,
    ...{ waiting: stats.waiting, oldestWaitMs },
    queueMs: Math.max(
      stats.waiting > 0 ? stats.nextStartMs : 0,
      Math.round(stats.waiting * averageIntervalMs),
    ),
    cache: stats.cache,
    sharing: stats.sharingProblem ? 'away' : def['store'] === 'redis' ? 'on' : 'off',
  };
}

/** Null: not counted. */
function quotaOf({ quota }: ServiceStats, period: 'day' | 'month'): object | null {
  const { used, allowed } = quota[period];
  if (!(allowed > 0)) return null;
  const reset = period === 'day' ? nextMidnight(Date.now()) : nextMonth(Date.now());
  return { used, allowed, resetsAt: new Date(reset).toISOString() };
}

function shown({ time, verdict, type, resource, positives, total, reasons, node }: RecentVerdict): object {
  return {
    ...{ time: new Date(time).toISOString(), verdict, type, positives, total, node },
    value: resource === null ? null : plain(defang(type, resource.slice(0, 4 * MAX_VALUE_CHARS))),
    reasons: reasons.map(plain),
  };
}

function plain(text: string): string {
  return oneLine(text.replace(FORMATTING, ''), MAX_VALUE_CHARS);
}
