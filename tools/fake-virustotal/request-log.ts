/** One request as it arrived, and what became of it. */
export interface LoggedRequest {
  method: string;
  /** With the query, so with a v2 key in it. */
  path: string;
  /** The first of `indicators`; empty when the request is not about any. */
  indicator: string;
  /** What was asked: several for a v2 batch, decoded for a v3 URL id. */
  indicators: readonly string[];
  /** Milliseconds since the epoch, by the stand-in's clock. */
  at: number;
  /** HTTP status that was sent; 0 while there is none, and for a connection cut before it. */
  status: number;
  /** `denied`: no or wrong key; `refused`: over the quota; `accepted`: counted against it; `free`: costs no quota. */
  outcome: 'denied' | 'refused' | 'accepted' | 'free';
  /** A scripted fault was played. */
  faulty: boolean;
  /** The connection it came on, from 1. */
  connection: number;
  /** The header `x-tool`, by which VirusTotal knows who integrates it; empty without one. */
  tool: string;
  /** What it submitted; undefined for a request that submits nothing, and until its body has arrived. */
  submission?: LoggedSubmission;
}

/** A URL or file as it arrived with a request. */
export interface LoggedSubmission {
  kind: 'file' | 'url';
  private: boolean;
  /** VirusTotal has taken it and analyzes it, whatever it answered. */
  taken: boolean;
  /** As the client wrote it. */
  url?: string;
  /** The file's name as the client wrote it, with any folders. */
  name?: string;
  /** Bytes of the file. */
  size?: number;
  sha256?: string;
  /** The other fields of the form, without the file and the URL. */
  fields: Record<string, string>;
  /** The id of the analysis; undefined when it was not taken. */
  analysisId?: string;
}

export interface Counts {
  all: number;
  accepted: number;
  refused: number;
  denied: number;
  faulty: number;
  connections: number;
  byIndicator: Record<string, number>;
}

export class RequestLog {
  readonly requests: LoggedRequest[] = [];

  counts(): Counts {
    const counts: Counts = {
      all: 0,
      accepted: 0,
      refused: 0,
      denied: 0,
      faulty: 0,
      connections: 0,
      byIndicator: {},
    };
    const connections = new Set<number>();
    const byIndicator = new Map<string, number>();
    for (const request of this.requests) {
      counts.all++;
      if (request.outcome !== 'free') counts[request.outcome]++;
      if (request.faulty) counts.faulty++;
      connections.add(request.connection);
      for (const indicator of request.indicators)
        byIndicator.set(indicator, (byIndicator.get(indicator) ?? 0) + 1);
    }
    counts.connections = connections.size;
    counts.byIndicator = Object.fromEntries(byIndicator);
    return counts;
  }

  clear(): void {
    this.requests.length = 0;
  }
}
