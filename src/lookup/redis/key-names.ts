import { keyFingerprint } from '../../api/key-fingerprint';

/** The form of what is kept; another form takes another number, so that two versions of the package can share a Redis. */
const VERSION = 'v2';

/** What there is one of for each API key. */
export type KeyName = Exclude<keyof KeyNames, 'prefix' | 'offlineStarts' | 'reportsChannel'>;

/** Names of a key's data in Redis. The braces put all of it on one node of a Cluster. The API key cannot be derived from them. */
export class KeyNames {
  readonly prefix: string;

  constructor(apiKey: string) {
    this.prefix = `virustotal:{${keyFingerprint(apiKey)}}:${VERSION}:`;
  }

  /**
   * Hash: its id, which is another one when Redis has lost it; what is added to Redis' own clock, so that it goes on evenly when that is set, and how often that changed;
   * why and since when nothing starts; how much of each day and month is used; why VirusTotal refuses the key, and until when.
   */
  get state(): string {
    return `${this.prefix}state`;
  }
  /** Sorted set of the limits in force, as "count:window ms:transit ms", by when they end unless an instance renews them. */
  get limits(): string {
    return `${this.prefix}limits`;
  }
  /** Sorted set of which instance keeps to which limit, by when that is over without a heartbeat. */
  get limitHolders(): string {
    return `${this.prefix}limit-holders`;
  }
  /** Sorted set of the requests in the last window, by when they arrive at VirusTotal at the latest. */
  get starts(): string {
    return `${this.prefix}starts`;
  }
  /** Sorted set of the instances, by their last heartbeat. */
  get instances(): string {
    return `${this.prefix}instances`;
  }
  /** How many starts of an instance, made while Redis was away, are in the count. */
  offlineStarts(instance: string): string {
    return `${this.prefix}offline-starts:${instance}`;
  }
  /** Channel in which reports are announced. */
  get reportsChannel(): string {
    return `${this.prefix}reports`;
  }
}
