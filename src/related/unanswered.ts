/** A relation that there is no answer to, and why. */
export interface Unanswered {
  relation: string;
  /** One of the codes of `VirusTotalError`, or `MAX_REQUESTS`: the message had no request left for it. */
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
