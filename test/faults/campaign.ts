import { join } from 'node:path';
import { JitteredLine } from '../support/jittered-line';
import { Seeded } from '../../tools/fake-virustotal/seeded';
import { Arrivals } from './arrivals';
import type { CampaignOptions, Life } from './campaign-plan';
import { inProcess, installIn, withPlace } from './in-process';
import { limitsInForce, type Away } from './limits-in-force';
import { World } from './messages';
import { instancesOf, livesOf, type PlannedLife } from './lives';
import { overAtServer, overAtStart, type OverAtServer } from './over-limit';
import { SharedRedis } from './shared-redis';
import { readStarts } from './starts';
import { toldLimits } from './told-limits';
import { played, troubles } from './trouble';

/** What a life came to. */
export interface LifeFindings {
  /** Messages that went in, the ends that they must come to, and those that they came to. */
  taken: number;
  due: number;
  outputs: number;
  errors: number;
  /** The ends by their kind. */
  ends: Record<string, number>;
  deploys: number;
  /** When a config was away; the other one may have gone on for a while. */
  away: readonly Away[];
  /** How often something was done beside sending messages. */
  did: Record<string, number>;
  ms: number;
  /** Messages that were under way when the process ended. */
  open: number;
  /** What the key's own count came to. */
  counted: number;
  /** Bytes of heap in use before and after; of the last life. */
  heap?: { before: number; after: number };
  /** What should be empty, in words: ends that are wrong, messages that did not end, ... */
  complaints: string[];
  unfinished: string[];
  /** ... unhandled rejections and warnings of Node, ... */
  trouble: string[];
  /** ... timers and sockets that were left when the flows were gone. */
  left: string[];
}

/** What a campaign came to. */
export interface Findings {
  lives: readonly LifeFindings[];
  /** Messages that went in, and the ends they came to by their kind. */
  taken: number;
  ends: Record<string, number>;
  deploys: number;
  /** Requests for reports that started, what VirusTotal counted of them, and what the key's own count came to. */
  starts: number;
  accepted: number;
  counted: number;
  /** Starts and arrivals beyond the limits. */
  overAtStart: string[];
  overAtServer: OverAtServer;
  /** How often what happened: deploys, restarts, answers. */
  did: Record<string, number>;
}

/**
 * Random faults of VirusTotal and of the way to it, random messages and random deploys, against the real nodes in a Node-RED of its own process, with the
 * stand-in in another one. All that is left to chance follows from the seed; what the machine's timing does is left to the machine.
 */
export function runCampaign(options: CampaignOptions): Promise<Findings> {
  const { seed, messages, jitterMs, limit, kind } = options;
  return withPlace(async (place, vt) => {
    // No message asks more than four times three times.
    const script = troubles(new Seeded(`trouble ${seed}`), 4 * messages);
    await vt.reset({ catalogue: new World(seed, '').catalogue, script });
    const arrivals = new Arrivals();
    const port = (): number => Number(new URL(vt.origin).port);
    const line = await new JitteredLine(port, jitterMs, `line ${seed}`, arrivals.note).listen();
    const behind = (url: string): string => url.replace(vt.origin, `http://127.0.0.1:${line.port}`);
    const startsFile = join(place.userDir, 'starts.txt');
    const urls = { v2: behind(vt.v2), v3: behind(vt.v3) };
    const redis = await SharedRedis.of(kind, seed);
    try {
      const live = async (planned: PlannedLife): Promise<LifeFindings> => {
        const userDir = join(place.userDir, planned.instance);
        const sharing = await redis?.join(planned.instance);
        const life: Life = {
          ...place,
          urls,
          startsFile,
          ...planned,
          userDir,
          ...(sharing ? { sharing } : {}),
        };
        return inProcess<LifeFindings>('campaign-process.ts', life);
      };
      // Those of an instance one after the other.
      const perInstance = await Promise.all(
        instancesOf(options).map(async (instance) => {
          const lives: LifeFindings[] = [];
          installIn(join(place.userDir, instance.instance));
          for (const planned of livesOf(instance)) lives.push(await live(planned));
          return lives;
        }),
      );
      const lives = perInstance.flat();
      const starts = readStarts(startsFile);
      const planned = instancesOf(options).flatMap(livesOf);
      const limits = redis
        ? toldLimits(redis.limits)
        : limitsInForce(
            limit,
            lives.flatMap(({ away }) => away),
            new Set(planned.filter(({ lasting }) => lasting).map(({ name }) => name)),
          );
      const { accepted, all } = await vt.counts();
      return {
        lives,
        taken: sum(lives.map(({ taken }) => taken)),
        ends: sums(lives.map(({ ends }) => ends)),
        deploys: sum(lives.map(({ deploys }) => deploys)),
        accepted,
        starts: starts.length,
        counted: Math.max(...lives.map(({ counted }) => counted)),
        overAtStart: overAtStart(limits, starts),
        overAtServer: overAtServer(limits, starts, arrivals.all),
        did: sums([...lives.map(({ did }) => did), redis?.did ?? {}, played(script, all)]),
      };
    } finally {
      await redis?.close();
      line.close();
    }
  });
}

function sum(all: readonly number[]): number {
  return all.reduce((so, each) => so + each, 0);
}

export function sums(all: readonly Record<string, number>[]): Record<string, number> {
  const so: Record<string, number> = {};
  for (const each of all)
    for (const [what, count] of Object.entries(each)) so[what] = (so[what] ?? 0) + count;
  return so;
}
