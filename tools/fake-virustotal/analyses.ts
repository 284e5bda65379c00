import { type Finding, type Kind, type ReportOverride, derivedFinding, overriddenFinding } from './finding';
import type { ReportCatalog } from './report-catalog';
import { digest } from './seeded';
import type { ReceivedFile } from './upload-reader';
import { canonicalUrl, objectId } from './v3-objects';

/** What becomes of a submission. It advances with each request for the analysis or for the report of the thing, never with the time. */
export interface AnalysisPlan {
  /** Requests that get a 404, as right after a submission. Default 0. */
  missing?: number;
  /** Requests after these that get `queued`. Default 1; `Infinity`: until `completeAnalyses`. */
  queued?: number;
  /** Requests after these that get `in-progress` and the results of a third of the engines. Default 1. */
  inProgress?: number;
  /** The last status. Default `completed`; with another word, such as `error`, no report follows. */
  end?: string;
  /** The report that follows. Default: the one before, or else one that follows from the thing itself. */
  verdict?: ReportOverride;
}

export type Stage = 'missing' | 'queued' | 'in-progress' | 'end';

/** An analysis of something that was submitted. */
export interface Analysis {
  id: string;
  kind: Kind;
  /** SHA-256 of a file, canonical URL, domain or address. */
  indicator: string;
  private: boolean;
  /** Unix seconds. */
  date: number;
  /** VirusTotal had never seen the file: neither the submission nor its reads count against the quota. */
  free: boolean;
  plan: AnalysisPlan;
  file?: ReceivedFile;
  /** What it finds. */
  finding: Finding;
}

export interface Submitted {
  kind: Kind;
  indicator: string;
  private: boolean;
  file?: ReceivedFile;
}

interface TrackedAnalysis extends Analysis {
  /** For it, or for the report of the thing. */
  requests: number;
  ended: boolean;
}

/** The analyses that submissions have started. */
export class Analyses {
  readonly #catalog: ReportCatalog;
  readonly #now: () => number;
  readonly #byId = new Map<string, TrackedAnalysis>();
  readonly #pending = new Set<TrackedAnalysis>();
  readonly #private = new Map<string, Analysis>();
  /** Called when an analysis has ended, and with it a report has changed. */
  onEnd: () => void = () => undefined;
  #plan: AnalysisPlan = {};
  readonly #plans = new Map<string, AnalysisPlan>();

  constructor(catalog: ReportCatalog, now: () => number) {
    this.#catalog = catalog;
    this.#now = now;
  }

  /** For the submissions that follow: of one indicator (a file by its SHA-256), or of all others. */
  plan(plan: AnalysisPlan, indicator?: string): void {
    if (indicator === undefined) this.#plan = plan;
    else this.#plans.set(canonicalUrl(indicator), plan);
  }

  /** Whether VirusTotal had the file before. */
  known(file: ReceivedFile): boolean {
    return this.#catalog.find('file', file.sha256).finding.state === 'present';
  }

  start({ kind, indicator, private: isPrivate, file }: Submitted): Analysis {
    const free = file !== undefined && !isPrivate && !this.known(file);
    if (file && !isPrivate) this.#catalog.learnFile(file);
    const plan = this.#plans.get(indicator) ?? this.#plan;
    let date = Math.floor(this.#now() / 1000);
    while (this.#byId.has(analysisId(kind, indicator, isPrivate, date, file))) date++;
    const id = analysisId(kind, indicator, isPrivate, date, file);
    const finding = { ...this.#verdict(kind, indicator, plan), scannedAt: date };
    const analysis = { id, kind, indicator, private: isPrivate, date, free, plan, finding };
    const tracked = { ...analysis, ...(file ? { file } : {}), requests: 0, ended: false };
    this.#byId.set(id, tracked);
    this.#pending.add(tracked);
    return tracked;
  }

  /** The stage of the request that comes next; undefined when there is no such analysis. */
  peek(id: string): Stage | undefined {
    const analysis = this.#byId.get(id);
    if (!analysis) return undefined;
    const { missing = 0, queued = 1, inProgress = 1 } = analysis.plan;
    if (analysis.ended || analysis.requests >= missing + queued + inProgress) return 'end';
    if (analysis.requests < missing) return 'missing';
    return analysis.requests < missing + queued ? 'queued' : 'in-progress';
  }

  get(id: string): Analysis | undefined {
    return this.#byId.get(id);
  }

  /** A request for the analysis: its stage, which is one further for the request after. */
  advance(id: string): Stage | undefined {
    const stage = this.peek(id);
    const analysis = this.#byId.get(id);
    if (!analysis) return stage;
    analysis.requests++;
    if (stage === 'end') this.#end(analysis);
    return stage;
  }

  /** Whether any has not ended. */
  get pending(): boolean {
    return this.#pending.size > 0;
  }

  /** A request for the report of a thing: its analyses go on, as they do while a client waits without polling. */
  advanceOf(kind: Kind, indicator: string): void {
    for (const { id, kind: of, indicator: about } of this.#pending)
      if (of === kind && about === indicator) this.advance(id);
  }

  /** Ends one analysis, or all. */
  complete(id?: string): void {
    for (const analysis of this.#byId.values())
      if (id === undefined || analysis.id === id) this.#end(analysis);
  }

  /** The private file of a SHA-256, or the private URL, when its analysis has ended. */
  privateObject(kind: Kind, indicator: string): Analysis | undefined {
    const analysis = this.#private.get(objectId(kind, kind === 'file' ? indicator.toLowerCase() : indicator));
    return analysis?.kind === kind ? analysis : undefined;
  }

  #verdict(kind: Kind, indicator: string, { verdict }: AnalysisPlan): Finding {
    if (verdict !== undefined) return overriddenFinding(kind, indicator, verdict);
    const before = this.#catalog.find(kind, indicator).finding;
    return before.state === 'present' ? before : { ...derivedFinding(kind, indicator), state: 'present' };
  }

  #end(analysis: TrackedAnalysis): void {
    if (analysis.ended) return;
    analysis.ended = true;
    this.#pending.delete(analysis);
    if ((analysis.plan.end ?? 'completed') !== 'completed') return;
    const { kind, indicator, finding } = analysis;
    if (analysis.private) this.#private.set(objectId(kind, indicator), analysis);
    else this.#catalog.set({ [indicator]: finding });
    this.onEnd();
  }
}

function analysisId(
  kind: Kind,
  indicator: string,
  isPrivate: boolean,
  date: number,
  file?: ReceivedFile,
): string {
  if (kind === 'file') {
    const md5 = file?.md5 ?? digest('md5', indicator);
    const parts = [...(isPrivate ? [digest('md5', `user ${date}`)] : []), md5, date];
    return Buffer.from(parts.join(':')).toString('base64');
  }
  // The last part was the time until 2025, and is 8 hex digits since.
  const last = date.toString(16).padStart(8, '0');
  const letter = kind === 'url' ? 'u' : kind === 'domain' ? 'd' : 'i';
  return `${letter}-${kind === 'url' ? objectId(kind, indicator) : digest('sha256', indicator)}-${last}`;
}
