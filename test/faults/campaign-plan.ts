import type { LimitName, Sharing } from './flows';
import type { Place } from './in-process';

/**
 * What a campaign is about beside messages, answers and deploys:
 * - `plain`: nothing else
 * - `restarts`: Node-RED ends three times, in order or killed, with messages under way
 * - `instances`: two Node-RED with different limits share the key over Redis
 * - `odd-replies`: Node-RED has its quota and cache in a Redis that answers what no Redis does now and then
 * - `odd-instances`: both
 */
export type Kind = 'plain' | 'restarts' | 'instances' | 'odd-replies' | 'odd-instances';

export interface CampaignOptions {
  /** Decides everything that is left to chance. */
  seed: string;
  messages: number;
  kind: Kind;
  limit: LimitName;
  /** Upper limit of the delay of each message to VirusTotal and back, in ms. */
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
  /** It has a limit that is in force over the start of the next one. */
  lasting: boolean;
  sharing?: Sharing;
}
