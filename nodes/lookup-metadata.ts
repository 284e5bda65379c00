import type { FileHashes, IocType, SkippedIoc } from '../src/ioc/ioc';
import type { ServiceStats } from '../src/lookup/service';

/** `msg.virustotal`: what was asked, and what was not. */
export interface LookupMetadata {
  action: 'search' | IocType;
  /** Absent for a search that found nothing. */
  type?: IocType;
  resource?: string;
  /** Who had wrapped the link, as `safelinks`: what was asked is what it leads to. Absent for what stood there itself. */
  wrapper?: string;
  /**
   * All hashes of the file that stand together where it was found; `resource` is the strongest. In the one message with an array of reports:
   * an element for each report, `{}` for what is no file. Absent without a file.
   */
  hashes?: FileHashes | FileHashes[];
  /** The name of the file whose bytes were hashed here; in the one message with an array, an element for each report, '' without one. */
  name?: string | string[];
  /** How many indicators the message holds that may be sent. */
  found: number;
  /** Whether the report came from the cache; of several in an array: whether all did. */
  cached: boolean;
  /** What was not sent, and why; the first 1,000. Of several messages of one search the first has the list. */
  skipped: SkippedIoc[];
  /** How many were not sent in all; absent when none was kept back. */
  skippedCount?: number;
  /** Where nothing was found, as `flow.alert`; only then, and only where that isn't `msg.payload`. */
  source?: string;
  /** Where the indicator stood, as `payload.ioc.url`; in a search only. */
  path?: string;
  /** The indicator as it stood, still defanged; in a search only. */
  text?: string;
  /**
   * What the key has used and may use, at the time when the message goes out; where the node is asked for it. `allowed` 0: not
   * counted.
   */
  quota?: ServiceStats['quota'];
}
