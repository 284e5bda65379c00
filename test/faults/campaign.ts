import { join } from 'node:path';
import { JitteredLine } from '../support/jittered-line';
import { Seeded } from '../../tools/fake-virustotal/seeded';
import { Arrivals } from './arrivals';
import type { LimitName } from './flows';
import { inProcess, withPlace, type Place } from './in-process';
import { limitsInForce, type Away } from './limits-in-force';
import { World } from './messages';
import { overAtServer, overAtStart, type OverAtServer } from './over-limit';
import { readStarts } from './starts';
import { played, troubles } from './trouble';

/**
 * What a campaign is about beside messages, answers and deploys:
 * - `plain`: nothing else
 * - `restarts`: Node-RED ends three times, in order or killed, with messages under way
 */
export type Kind = 'plain' | 'restarts';

export interface CampaignOptions {
  /** Decides everything that is left to chance. */
  seed: string;
  messages: number;
  kind: Kind;
  limit: LimitName;
  /** What is sent on the way to VirusTotal and back takes 0 to so many ms. */
  jitterMs: number;
}

/** A process of Node-RED in a campaign. */
export interface Life extends Place {
  seed: string;
  name: string;
  messages: number;
  limit: LimitName;
  /** The last one waits for all its messages; the others end with some under way. */
  end: 'stopped' | 'killed' | 'last';
  startsFile: string;
}

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
  /** When a config was away while the other one went on. */
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
  /** ... rejections that nobody handled and warnings of Node, ... */
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

const RESTARTS = 3;

/**
 * Random faults of VirusTotal and of the way to it, random messages and random deploys, against the real nodes in a Node-RED of its own process, with the
 * stand-in in another one. All that is left to chance follows from the seed; what the machine's timing does is left to the machine.
 */
export function runCampaign(options: CampaignOptions): Promise<Findings> {
  const { seed, messages, jitterMs, limit } = options;
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
    try {
      const lives: LifeFindings[] = [];
      for (const life of livesOf(options))
        lives.push(
          await inProcess<LifeFindings>('campaign-process.ts', { ...place, urls, startsFile, ...life }),
        );
      const starts = readStarts(startsFile);
      const limits = limitsInForce(
        limit,
        lives.flatMap(({ away }) => away),
      );
      const { accepted, all } = await vt.counts();
      return {
        lives,
        taken: sum(lives.map(({ taken }) => taken)),
        ends: sums(lives.map(({ ends }) => ends)),
        deploys: sum(lives.map(({ deploys }) => deploys)),
        accepted,
        starts: starts.length,
        counted: lives.at(-1)?.counted ?? NaN,
        overAtStart: overAtStart(limits, starts),
        overAtServer: overAtServer(limits, starts, arrivals.all),
        did: sums([...lives.map(({ did }) => did), restartsOf(options), played(script, all)]),
      };
    } finally {
      line.close();
    }
  });
}

/** One after the other. */
function livesOf({ seed, messages, kind, limit }: CampaignOptions): Omit<Life, keyof Place | 'startsFile'>[] {
  const common = { seed, limit };
  if (kind === 'plain') return [{ ...common, name: 'a', messages, end: 'last' }];
  const chance = new Seeded(`restarts ${seed}`);
  const few = Math.floor(messages / 10);
  const ended = Array.from(
    { length: RESTARTS },
    (_, n) =>
      ({
        ...common,
        name: `a${n}`,
        messages: few,
        // Each in each campaign.
        end: n === 0 ? 'stopped' : n === 1 ? 'killed' : chance.pick(['stopped', 'killed'] as const),
      }) as const,
  );
  return [
    ...chance.shuffled(ended),
    { ...common, name: 'a', messages: messages - RESTARTS * few, end: 'last' },
  ];
}

function restartsOf(options: CampaignOptions): Record<string, number> {
  const did: Record<string, number> = {};
  for (const { end } of livesOf(options))
    if (end !== 'last')
      did[`Node-RED ${end}, and started again`] = (did[`Node-RED ${end}, and started again`] ?? 0) + 1;
  return did;
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
