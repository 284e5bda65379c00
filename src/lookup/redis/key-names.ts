import { keyFingerprint } from '../../api/key-fingerprint';

/** The form of what is kept; another form takes another number, so that two versions of the package can share a Redis. */
const VERSION = 'v2';

/** Names of a key's data in Redis. The braces put all of it on one node of a Cluster. The API key can't be had from them. */
export class KeyNames {
  readonly prefix: string;

  constructor(apiKey: string) {
    this.prefix = `virustotal:{${keyFingerprint(apiKey)}}:${VERSION}:`;
  }

  /** Set anew when Redis has lost everything else. */
  get epoch(): string {
    return `${this.prefix}epoch`;
  }
  /** Hash: what is added to Redis' own clock, so that it goes on evenly when that is set; and when a hold was last lifted. */
  get clock(): string {
    return `${this.prefix}clock`;
  }
  /** Sorted set of the limits in force, as "count:window ms:longest way ms", by when they end if no instance says that they hold. */
  get limits(): string {
    return `${this.prefix}limits`;
  }
  /** Sorted set of which instance keeps to which limit, by when that is over if it isn't heard of. */
  get limitHolders(): string {
    return `${this.prefix}limit-holders`;
  }
  /** Sorted set of the requests in the last window, by when they arrive at VirusTotal at the latest. */
  get starts(): string {
    return `${this.prefix}starts`;
  }
  /** Hash: day and month, and how much of each is used. */
  get count(): string {
    return `${this.prefix}count`;
  }
  /** Hash: why VirusTotal refuses the key, and until when. */
  get block(): string {
    return `${this.prefix}block`;
  }
  /** Not used any more: who may try after a hold is noted in the hold. */
  get probe(): string {
    return `${this.prefix}probe`;
  }
  /** Hash: the instances that have to tell what they did alone before anything starts, and the name of that call. */
  get resync(): string {
    return `${this.prefix}resync`;
  }
  /** Sorted set of the instances, by when each was last heard of. */
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
