/** A v3 answer about an indicator of a kind, with these attributes. */
export function v3Body(type: string, id: string, attributes: object): object {
  return { data: { id, type, links: { self: `https://www.virustotal.com/api/v3/x/${id}` }, attributes } };
}

/** Stats as v3 writes them for files; for the other kinds without the hyphens' part. */
export function stats(
  malicious: number,
  suspicious: number,
  undetected: number,
  harmless: number,
  rest = {},
) {
  return { malicious, suspicious, undetected, harmless, timeout: 0, ...rest };
}

export const SHA256 = '5f'.repeat(32);
export const MD5 = '5f'.repeat(16);

/** What v3 has of a made-up file, shortened to two engines of each sort. */
export const FILE_ATTRIBUTES = {
  md5: MD5,
  sha1: '5f'.repeat(20),
  sha256: SHA256,
  size: 68_096,
  names: ['invoice.exe', 'payload.bin'],
  meaningful_name: 'invoice.exe',
  type_description: 'Win32 EXE',
  tags: ['peexe', 'overlay'],
  reputation: -42,
  total_votes: { harmless: 0, malicious: 3 },
  first_submission_date: 1_700_000_000,
  last_analysis_date: 1_735_787_045,
  last_analysis_stats: stats(2, 1, 1, 0, { 'confirmed-timeout': 1, failure: 1, 'type-unsupported': 4 }),
  last_analysis_results: {
    'Engine One': {
      method: 'blacklist',
      engine_name: 'Engine One',
      engine_version: '1.2.3',
      engine_update: '20250101',
      category: 'malicious',
      result: 'Trojan.Made.Up',
    },
    'Engine Two': {
      method: 'blacklist',
      engine_name: 'Engine Two',
      engine_version: null,
      engine_update: '20250102',
      category: 'type-unsupported',
      result: null,
    },
  },
  popular_threat_classification: {
    suggested_threat_label: 'trojan.made/up',
    popular_threat_category: [{ value: 'trojan', count: 2 }],
  },
  sandbox_verdicts: { 'A sandbox': { category: 'malicious', sandbox_name: 'A sandbox' } },
  pe_info: { sections: [{ name: '.text' }] },
  exiftool: { FileType: 'Win32 EXE' },
};
