import type { Finding } from './finding';
import { Seeded, digest } from './seeded';
import { familyOf } from './verdicts';

export type FileHashes = Record<'md5' | 'sha1' | 'sha256', string>;

/** The three hashes of the file that a hash stands for: the one that was asked, and two that follow from it. */
export function hashesOf(asked: string): FileHashes {
  const hash = asked.toLowerCase();
  return {
    md5: hash.length === 32 ? hash : digest('md5', hash),
    sha1: hash.length === 40 ? hash : digest('sha1', hash),
    sha256: hash.length === 64 ? hash : digest('sha256', hash),
  };
}

/** Those of the bytes that were submitted, or what a hash stands for. */
export function fileHashes(asked: string, { file }: Finding): FileHashes {
  return file ? { md5: file.md5, sha1: file.sha1, sha256: file.sha256 } : hashesOf(asked);
}

/** What a v3 file object says beside the engines' verdicts; about 25 kB, as most recorded ones have. */
export function fileDetails(asked: string, finding: Finding): Record<string, unknown> {
  const seeded = new Seeded(`file ${asked}`);
  const madeUp = Array.from({ length: 60 }, () => `${seeded.word()}-${seeded.word()}_${seeded.hex(6)}.exe`);
  const { file } = finding;
  const names = file?.names ?? madeUp;
  const first = finding.scannedAt - seeded.between(3, 900) * 86_400;
  return {
    ...fileHashes(asked, finding),
    size: file?.size ?? seeded.between(9_000, 4_000_000),
    ssdeep: `768:${seeded.hex(40)}:${seeded.hex(22)}`,
    tlsh: `T1${seeded.hex(70).toUpperCase()}`,
    vhash: `0${seeded.hex(31)}`,
    authentihash: seeded.hex(64),
    magic: 'PE32 executable (GUI) Intel 80386, for MS Windows',
    magika: 'PEBIN',
    type_description: 'Win32 EXE',
    type_tag: 'peexe',
    type_tags: ['executable', 'windows', 'win32', 'pe', 'peexe'],
    type_extension: 'exe',
    tags: ['peexe', 'overlay', 'long-sleeps', 'detect-debug-environment'],
    names,
    meaningful_name: names[0],
    first_submission_date: first,
    last_submission_date: finding.scannedAt,
    last_modification_date: finding.scannedAt + 60,
    creation_date: first - seeded.between(1, 90) * 86_400,
    times_submitted: seeded.between(1, 400),
    unique_sources: seeded.between(1, 90),
    downloadable: true,
    reputation: finding.malicious > 0 ? -seeded.between(0, 60) : seeded.between(0, 12),
    total_votes: {
      harmless: seeded.between(0, 9),
      malicious: Math.min(finding.malicious, seeded.between(0, 30)),
    },
    trid: ['Win32 Executable', 'Win64 Executable (generic)', 'DOS Executable Generic'].map((file_type) => ({
      file_type,
      probability: seeded.between(1, 900) / 10,
    })),
    exiftool: {
      MIMEType: 'application/octet-stream',
      FileType: 'Win32 EXE',
      FileTypeExtension: 'exe',
      MachineType: 'Intel 386 or later, and compatibles',
      Subsystem: 'Windows GUI',
      InternalName: seeded.word(),
      FileVersion: `${seeded.between(1, 9)}.${seeded.between(0, 9)}.0.0`,
      CodeSize: String(seeded.between(1000, 900_000)),
    },
    pe_info: peInfo(seeded),
    ...(finding.malicious > 0 ? threat(asked, finding, seeded) : {}),
  };
}

function peInfo(seeded: Seeded): Record<string, unknown> {
  return {
    timestamp: seeded.between(1_500_000_000, 1_770_000_000),
    imphash: seeded.hex(32),
    machine_type: 332,
    entry_point: seeded.between(4096, 90_000),
    sections: ['.text', '.rdata', '.data', '.rsrc', '.reloc'].map((name) => ({
      name,
      chi2: seeded.between(10_000, 9_000_000) / 4,
      virtual_address: seeded.between(1, 200) * 4096,
      entropy: seeded.between(100, 799) / 100,
      raw_size: seeded.between(1, 900) * 512,
      flags: name === '.text' ? 'rx' : 'rw',
      virtual_size: seeded.between(500, 400_000),
      md5: seeded.hex(32),
    })),
    import_list: ['KERNEL32.dll', 'USER32.dll', 'ADVAPI32.dll', 'WS2_32.dll'].map((library_name) => ({
      library_name,
      imported_functions: Array.from(
        { length: 26 },
        () => `${capital(seeded.word())}${capital(seeded.word())}W`,
      ),
    })),
    resource_details: Array.from({ length: 10 }, () => ({
      lang: 'ENGLISH US',
      chi2: seeded.between(1000, 900_000) / 8,
      filetype: 'unknown',
      entropy: seeded.between(100, 799) / 100,
      sha256: seeded.hex(64),
      type: 'RT_ICON',
    })),
  };
}

/** Absent from the objects of clean files. */
function threat(asked: string, finding: Finding, seeded: Seeded): Record<string, unknown> {
  const family = familyOf(asked).toLowerCase();
  return {
    popular_threat_classification: {
      suggested_threat_label: `trojan.${family}/loader`,
      popular_threat_category: [{ value: 'trojan', count: finding.malicious }],
      popular_threat_name: [
        { value: family, count: Math.ceil(finding.malicious / 2) },
        { value: 'loader', count: 1 },
      ],
    },
    sandbox_verdicts: {
      Glasshouse: {
        category: finding.malicious >= 5 ? 'malicious' : 'suspicious',
        confidence: seeded.between(40, 99),
        malware_classification: ['MALWARE', 'TROJAN'],
        malware_names: [familyOf(asked)],
        sandbox_name: 'Glasshouse',
      },
      Greenroom: { category: 'harmless', malware_classification: ['CLEAN'], sandbox_name: 'Greenroom' },
    },
    threat_severity: {
      version: 5,
      threat_severity_level: finding.malicious >= 20 ? 'SEVERITY_HIGH' : 'SEVERITY_MEDIUM',
      // A string of digits in the recorded objects, unlike every other date.
      last_analysis_date: String(finding.scannedAt),
      level_description: `Severity because it was considered ${family}.`,
    },
  };
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
