import type { Indicator } from '../ioc/ioc';

/** A URL, in canonical form, that VirusTotal is to visit and scan. */
export interface UrlTarget {
  /** What it is. */
  kind: 'url';
  /** As `IndicatorFilter.sendable` returns it. */
  url: string;
}

/** A file that VirusTotal is to scan: its bytes, or where it is on this machine. It is read when it is sent, piece by piece. */
export type FileTarget = {
  kind: 'file';
  /** In lower case: what the file is looked up by, and checked against while it is read from a path. */
  sha256: string;
  /** In bytes; 0 is refused, 650 MiB is the most. */
  size: number;
  /** How VirusTotal is to call the file, where everyone can read it. Of a path only the last part is sent. Default: the SHA-256. */
  name?: string | undefined;
  /** The password of a ZIP archive that holds exactly one file. */
  password?: string | undefined;
} & ({ bytes: Uint8Array; path?: undefined } | { path: string; bytes?: undefined });

/** Something that VirusTotal knows and is to scan again. Of a file it sends only the hash. */
export interface RescanTarget {
  /** What it is. */
  kind: 'rescan';
  /** What VirusTotal knows it by. */
  indicator: Indicator;
}

/** What is to be scanned. */
export type SubmitTarget = UrlTarget | FileTarget | RescanTarget;

/** What VirusTotal is asked about afterwards, and by what a second message with the same thing is recognized. */
export function indicatorOf(target: SubmitTarget): Indicator {
  switch (target.kind) {
    case 'url':
      return { type: 'url', value: target.url };
    case 'file':
      return { type: 'file', value: target.sha256 };
    case 'rescan':
      return target.indicator;
  }
}
