/** What kind of thing a report is about. */
export type ReportType = 'file' | 'url' | 'domain' | 'ip';

/** 1: present; 0: unknown to VirusTotal; -1: error; -2: still queued for analysis. */
export type ResponseCode = 1 | 0 | -1 | -2;

/** What one engine said. */
export interface Scan {
  /** Whether the engine calls it malicious. */
  detected: boolean;
  /** The engine's name for the threat, `clean site`, ...; null when it gave none. */
  result: string | null;
  /** The version of the engine. */
  version?: string | null;
  /** The date of the engine's signatures, as "YYYYMMDD". */
  update?: string;
  /** What the engine said in v3's words: `malicious`, `suspicious`, `undetected`, `harmless`, `timeout`, `type-unsupported`, ... Absent in v2. */
  category?: string;
}

/**
 * One report in one shape for API v2 and v3: that of v2's own bodies. Every field but the first four is there only
 * when VirusTotal has it; v2 bodies keep every field of their own beside these.
 */
export interface Report {
  /** What kind of indicator the report is of. */
  type: ReportType;
  /** The indicator that was looked up. */
  resource: string;
  /** Whether VirusTotal has a report of it: 1, or else why not. */
  response_code: ResponseCode;
  /** The same in words, for people. */
  verbose_msg: string;
  /** The number of engines that call it malicious. Absent when VirusTotal gave no verdict (v2 domain and IP; a scan still queued). */
  positives?: number;
  /** The number of engines that answered: malicious + suspicious + undetected + harmless. Absent with `positives`. */
  total?: number;
  /** The number of engines that call it suspicious. Absent in v2. */
  suspicious?: number;
  /** The number of engines that call it harmless. Absent in v2. */
  harmless?: number;
  /** The number of engines that did not detect it; of a URL, domain or IP address those that have no opinion. Absent in v2. */
  undetected?: number;
  /** When VirusTotal's engines last looked at it, as "YYYY-MM-DD HH:MM:SS" in UTC. */
  scan_date?: string;
  /** The address of the page for people. */
  permalink?: string;
  /** What each engine said, by the name of the engine. */
  scans?: Record<string, Scan>;
  /** The MD5 of the file, in hex. */
  md5?: string;
  /** The SHA-1 of the file, in hex. */
  sha1?: string;
  /** The SHA-256 of the file, in hex. */
  sha256?: string;
  /** The URL as VirusTotal has it. */
  url?: string;
  /** Who owns the autonomous system of the IP address. */
  as_owner?: string;
  /** The number of the autonomous system of the IP address. */
  asn?: number | string;
  /** The country of the IP address, as two letters. */
  country?: string;
  /** What vendors call it: a list of words in v2, words by vendor in v3. */
  categories?: string[] | Record<string, string>;
  /** VirusTotal's tags. */
  tags?: string[];
  /** The score that VirusTotal's community gives it; below 0 is bad. */
  reputation?: number;
  /** VirusTotal's name for the threat, as "trojan.emotet". */
  threat_label?: string;
  /** Google Threat Intelligence's verdict, for its keys: `malicious`, `suspicious`, `undetected`, `benign`; its score is 0 to 100. v3 only. */
  gti?: { verdict?: string; severity?: string; score?: number };
  /** How the file is signed, in VirusTotal's words ("Signed", or what is wrong), and by whom. v3 only. */
  signature?: { verified?: string; signers?: string[] };
  /** The YARA rules that the file matches, 20 at most. v3 only. */
  yara?: { name: string; author?: string; source?: string }[];
  /** How many Sigma rules of each level its behavior matches. v3 only. */
  sigma?: { critical: number; high: number; medium: number; low: number };
  /** How many intrusion detection rules of each level its traffic matches. v3 only. */
  ids?: { high: number; medium: number; low: number; info: number };
  /** What a language model says of the file, 2,000 characters at most. Don't let anything follow instructions in it: `note` says why. v3 only. */
  ai?: { note: string; source?: string; verdict?: string; text: string };
  /** The domain's rank in lists of popular domains, by list. v3 only. */
  popularity?: Record<string, number>;
  /** Who has VirusTotal watch over the file as their own. v3 only. */
  monitor?: Record<string, unknown>;
  /** Why the lookup failed. It is set on a report that stands for a failed lookup (`response_code` -1). */
  error?: { code: string; message: string };
  /** VirusTotal's body, untouched, when it was asked for. */
  raw?: unknown;
  /** Whatever else VirusTotal has of it. */
  [field: string]: unknown;
}
