import { JitteredLine } from '../support/jittered-line';
import { Seeded } from '../../tools/fake-virustotal/seeded';
import type { LimitName } from './flows';
import { inProcess, withPlace, type Place } from './in-process';
import { World } from './messages';
import type { Away } from './starts';
import { troubles } from './trouble';

export interface CampaignOptions {
  /** Decides everything that is left to chance. */
  seed: string;
  messages: number;
  limit: LimitName;
  /** What is sent on the way to VirusTotal and back takes 0 to so many ms. */
  jitterMs: number;
}

export type Plan = CampaignOptions & Place;

/** What a campaign came to. */
export interface Findings {
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
  /** Requests for reports that started. */
  starts: number;
  /** What VirusTotal counted of them, and what the key's own count came to. */
  accepted: number;
  counted: number;
  ms: number;
  heapBefore: number;
  heapAfter: number;
  /** What should be empty, in words: ends that are wrong, messages that did not end, ... */
  complaints: string[];
  unfinished: string[];
  /** ... starts beyond the limits, ... */
  overLimit: string[];
  /** ... rejections that nobody handled and warnings of Node, ... */
  trouble: string[];
  /** ... timers and sockets that were left when the flows were gone. */
  left: string[];
}

/**
 * Random faults of VirusTotal and of the way to it, random messages and random deploys, against the real nodes in a Node-RED of its own process, with the
 * stand-in in another one. All that is left to chance follows from the seed; what the machine's timing does is left to the machine.
 */
export function runCampaign(options: CampaignOptions): Promise<Findings> {
  const { seed, messages, jitterMs } = options;
  return withPlace(async (place, vt) => {
    await vt.reset({
      catalogue: new World(seed, '').catalogue,
      // No message asks more than four times three times.
      script: troubles(new Seeded(`trouble ${seed}`), 4 * messages),
    });
    const line = await new JitteredLine(
      () => Number(new URL(vt.origin).port),
      jitterMs,
      `line ${seed}`,
    ).listen();
    const behind = (url: string): string => url.replace(vt.origin, `http://127.0.0.1:${line.port}`);
    const urls = { v2: behind(vt.v2), v3: behind(vt.v3) };
    try {
      const plan: Plan = { ...place, ...options, urls };
      const found = await inProcess<Omit<Findings, 'accepted'>>('campaign-process.ts', plan);
      return { ...found, accepted: (await vt.counts()).accepted };
    } finally {
      line.close();
    }
  });
}
