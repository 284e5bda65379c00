/** What kind of thing a report is about. */
export type ReportType = 'file' | 'url' | 'domain' | 'ip';

/** 1: present; 0: unknown to VirusTotal; -1: error; -2: still queued for analysis. */
export type ResponseCode = 1 | 0 | -1 | -2;

/** What one engine said. */
export interface Scan {
  detected: boolean;
  /** The engine's name for the threat, `clean site`, ...; null when it gave none. */
  result: string | null;
  version?: string | null;
  /** Date of the engine's signatures, "YYYYMMDD". */
  update?: string;
  /** v3 only: `malicious`, `suspicious`, `undetected`, `harmless`, `timeout`, `type-unsupported`, ... */
  category?: string;
}

/**
 * One report in one shape for API v2 and v3: that of v2's own bodies. Every field but the first four is there only
 * when VirusTotal has it; v2 bodies keep every field of their own beside these.
 */
export interface Report {
  type: ReportType;
  /** The indicator that was asked. */
  resource: string;
  response_code: ResponseCode;
  verbose_msg: string;
  /** Engines that call it malicious. Absent when VirusTotal gave no verdict (v2 domain and IP; a scan still queued). */
  positives?: number;
  /** Engines that answered: malicious + suspicious + undetected + harmless. Absent with `positives`. */
  total?: number;
  /** v3 only. */
  suspicious?: number;
  /** v3 only. */
  harmless?: number;
  /** v3 only. Of a URL, domain or IP address: engines that have no opinion. */
  undetected?: number;
  /** "YYYY-MM-DD HH:MM:SS" in UTC. */
  scan_date?: string;
  /** Page for people. */
  permalink?: string;
  /** By engine name. */
  scans?: Record<string, Scan>;
  md5?: string;
  sha1?: string;
  sha256?: string;
  url?: string;
  as_owner?: string;
  asn?: number | string;
  country?: string;
  /** v2: list of words; v3: by vendor. */
  categories?: string[] | Record<string, string>;
  tags?: string[];
  reputation?: number;
  threat_label?: string;
  /** Set on a report that stands for a failed lookup (`response_code` -1). */
  error?: { code: string; message: string };
  /** VirusTotal's body, untouched, when it was asked for. */
  raw?: unknown;
  [field: string]: unknown;
}
