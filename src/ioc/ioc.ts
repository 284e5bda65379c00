/** The kinds of indicator that VirusTotal has reports of. `file` is a file hash (MD5, SHA-1 or SHA-256). */
export type IocType = 'domain' | 'file' | 'ip' | 'url';

/** An indicator to look up, in canonical form: lower case, punycode, RFC 5952, URL without userinfo and fragment. */
export interface Indicator {
  /** What kind of indicator it is. */
  type: IocType;
  /** The indicator itself. */
  value: string;
}

/** The hashes of one file, in lower case: one of each algorithm that VirusTotal knows files by. */
export interface FileHashes {
  /** 32 hex digits. */
  md5?: string;
  /** 40 hex digits. */
  sha1?: string;
  /** 64 hex digits. */
  sha256?: string;
}

/** An indicator as it was found in a value. */
export interface FoundIoc extends Indicator {
  /** The text as it stood, still defanged. */
  text: string;
  /** Where it was found, as `payload.ioc.url` or `list[2]`; empty when the value itself was searched. */
  path: string;
  /**
   * Who had wrapped the link that led to it, of several the outermost, by a short name that stays: `safelinks`, `teams`, `proofpoint`,
   * `barracuda`, `mimecast`, `cisco`, `checkpoint`, `trendmicro`, `sophos`, `symantec`, `trellix`, `google`, `youtube`, `facebook`, `slack`
   * and others. Absent for what stood there itself.
   */
  wrapper?: string;
  /** All hashes of the file that stood there, of which `value` is the strongest; absent for what is no file. */
  hashes?: FileHashes;
  /** The name of the file whose bytes stood there; absent for all else. */
  name?: string;
}

/** An indicator that is not sent to VirusTotal, and why. */
export interface SkippedIoc extends Indicator {
  /** One sentence for a person, as "private address (RFC 1918)". */
  reason: string;
}
