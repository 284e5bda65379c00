import { FILE_ENGINES, HOST_ENGINES } from './engines';
import { Seeded } from './seeded';

export type Kind = 'file' | 'url' | 'domain' | 'ip';

/** What the stand-in knows of one indicator; v2 and v3 tell the same. */
export interface Finding {
  /** `refused`: VirusTotal will not take it for an indicator of that kind (v3: 400 InvalidArgumentError). */
  state: 'present' | 'unknown' | 'queued' | 'refused';
  malicious: number;
  suspicious: number;
  /** Engines that gave a verdict: malicious + suspicious + undetected + harmless. */
  engines: number;
  /** No engine has an opinion: all say "undetected" and "unrated". Only of what is no file. */
  unrated?: boolean;
  /** Unix seconds of the last analysis. */
  scannedAt: number;
  /** A file that was submitted: what is so of it, where the rest is made up. */
  file?: Record<'md5' | 'sha1' | 'sha256', string> & { size: number; names: string[] };
}

/** A finding in short: a number is that of engines that call it malicious. */
export type ReportOverride = Finding['state'] | 'clean' | 'unrated' | number | Partial<Finding>;

export type ReportOverrides = Record<string, ReportOverride>;

const MIDSUMMER_2026 = Date.UTC(2026, 5, 24) / 1000;

/**
 * The finding of an indicator for which none was set: the same each time. Half of all are clean; of domains and addresses 42 % are unrated
 * and hardly any is unknown, as of 19 that were recorded, VirusTotal makes an object for each that is asked.
 */
export function derivedFinding(kind: Kind, indicator: string): Finding {
  const seeded = new Seeded(`finding ${indicator}`);
  const names = kind === 'file' ? FILE_ENGINES : HOST_ENGINES;
  const host = kind === 'domain' || kind === 'ip';
  const finding: Finding = {
    state: 'present',
    malicious: 0,
    suspicious: 0,
    engines: names.length - seeded.between(3, kind === 'file' ? 14 : 6),
    scannedAt: MIDSUMMER_2026 + seeded.between(0, 40 * 86_400),
  };
  const lot = seeded.next();
  if (lot < (host ? 0.02 : 0.12)) finding.state = 'unknown';
  else if (lot >= 0.12 && lot < 0.15) finding.state = 'queued';
  else if (host && lot < 0.47) finding.unrated = true;
  else if (lot > 0.65) finding.malicious = seeded.between(5, kind === 'file' ? 60 : 20);
  else if (lot > 0.52) finding.malicious = seeded.between(1, 4);
  // One recorded object of twenty has engines that say "suspicious", and no file.
  if (kind !== 'file' && finding.malicious > 0 && seeded.next() < 0.05)
    finding.suspicious = seeded.between(1, 4);
  return finding;
}

export function overriddenFinding(kind: Kind, indicator: string, override: ReportOverride): Finding {
  const derived = derivedFinding(kind, indicator);
  const quiet: Finding = { ...derived, state: 'present', malicious: 0, suspicious: 0, unrated: false };
  const finding =
    typeof override === 'number'
      ? { ...quiet, malicious: override }
      : typeof override === 'object'
        ? { ...quiet, ...override }
        : override === 'clean' || override === 'unrated'
          ? { ...quiet, unrated: override === 'unrated' }
          : { ...quiet, state: override };
  const names = kind === 'file' ? FILE_ENGINES : HOST_ENGINES;
  if (finding.malicious + finding.suspicious > finding.engines || finding.engines > names.length) {
    throw new RangeError(
      `the stand-in has ${names.length} engines for a ${kind}: ${JSON.stringify(finding)}`,
    );
  }
  return finding;
}
