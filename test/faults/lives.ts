import { Seeded } from '../../tools/fake-virustotal/seeded';
import type { CampaignOptions, Kind, Life } from './campaign-plan';
import type { LimitName } from './flows';

/** A Node-RED of a campaign: its user folder, and what it is to do. */
export interface Instance {
  instance: string;
  seed: string;
  messages: number;
  limit: LimitName;
  restarts: number;
}

export type PlannedLife = Pick<Life, 'seed' | 'name' | 'messages' | 'limit' | 'end' | 'lasting'> & {
  instance: string;
};

const RESTARTS = 4;
/** Messages of a life that is not the last one: enough to use up the lasting limit. */
const MOST_IN_SHORT_LIFE = 1000;
const TWO: ReadonlySet<Kind> = new Set<Kind>(['instances', 'odd-instances']);

export function instancesOf({ seed, messages, kind, limit }: CampaignOptions): Instance[] {
  const first = { instance: 'a', seed, messages, limit, restarts: kind === 'restarts' ? RESTARTS : 0 };
  if (!TWO.has(kind)) return [first];
  const half = Math.floor(messages / 2);
  return [
    { ...first, messages: messages - half },
    { ...first, instance: 'b', messages: half, limit: 'strict' },
  ];
}

/** One after the other: each but the last ends with messages under way. */
export function livesOf({ instance, seed, messages, limit, restarts }: Instance): PlannedLife[] {
  const chance = new Seeded(`restarts ${seed}`);
  const few = Math.min(MOST_IN_SHORT_LIFE, Math.floor(messages / 10));
  const common = { instance, seed, limit };
  const ended = Array.from({ length: restarts }, (_, n): PlannedLife => {
    // Each way in each campaign.
    const end =
      n === 0 ? 'stopped' : n === 1 ? 'killed' : chance.pick<'stopped' | 'killed'>(['stopped', 'killed']);
    return { ...common, name: `${instance}${n}`, messages: few, end, lasting: true };
  });
  return [
    ...chance.shuffled(ended),
    { ...common, name: instance, messages: messages - restarts * few, end: 'last', lasting: false },
  ];
}
