/** A relation that there is no answer to, and why. */
export interface Unanswered {
  /** The name of the relation; `*` for all of them. */
  relation: string;
  /**
   * One of the codes of `VirusTotalError`, `MAX_REQUESTS` where the message had no request left for it, or
   * `MAX_DEPTH`, of all relations, where the message was at its last level already.
   */
  code: string;
  /** One sentence for a person. */
  reason: string;
}

/** Why a key does not get a relation, by its name with the kind, as `file.itw_ips`. */
export type Refusals = Map<string, Omit<Unanswered, 'relation'>>;

/** A 403. */
export const FORBIDDEN = {
  code: 'VT_FORBIDDEN',
  reason: 'VirusTotal refuses this relation to the API key: it needs a premium key',
};
