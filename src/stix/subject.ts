import type { JsonObject } from '../report/narrow';
import type { Origin } from '../report/origin';
import type { ReportType } from '../report/report';

/** How the report was judged. */
export interface Assessment {
  verdict: 'malicious' | 'trusted' | 'no-match';
  /** Engines that detect it; null when there is no verdict. */
  positives: number | null;
  /** Engines that answered. */
  total: number | null;
  /** positives / total in percent. */
  rate: number | null;
  /** How sure the judgment is, by the rate; absent or null where nothing is detected. */
  confidence?: 'low' | 'medium' | 'high' | null;
}

/** What a bundle is made of: a report, and what is known beside it. */
export interface Subject {
  type: ReportType;
  /** The indicator: a domain, an IP address, a URL, or any hash of the file. */
  value: string;
  report: JsonObject;
  /** Absent when VirusTotal has no result: then only the observable itself is known. */
  assessment?: Assessment;
  /** VirusTotal's `behaviour_mitre_trees` of the file. */
  mitreTrees?: unknown;
  /** The indicators that led to this one. */
  origins?: readonly Origin[];
}

/** A result in STIX's open vocabulary for malware analyses. */
export type Result = 'malicious' | 'suspicious' | 'benign' | 'unknown';

/** `suspicious` is what some engines detect, fewer than make it malicious. */
export function malwareAnalysisResult({ verdict, positives }: Assessment): Result {
  if (verdict === 'malicious') return 'malicious';
  if (verdict === 'trusted') return 'benign';
  return positives !== null && positives > 0 ? 'suspicious' : 'unknown';
}
