import type { JudgingRule } from '../../tools/verdicts/verdict-table';

/** The statistics of an answer of API v3, and the average rank of a domain. */
interface Figures {
  malicious: number;
  suspicious: number;
  harmless: number;
  undetected: number;
  rank: number | undefined;
}

/**
 * What other products publish as their rule, by their defaults. What a product does not mark is Trusted here, which is how it is read.
 */
export const RIVAL_RULES: JudgingRule[] = [
  rule('XSOAR VirusTotal v3: 10 / 5, popular domains are good', ({ malicious, suspicious, rank }) => {
    if (rank !== undefined && rank <= 10_000) return 'trusted';
    if (malicious >= 10) return 'malicious';
    return malicious + suspicious >= 5 ? 'no-match' : 'trusted';
  }),
  // The product has no default for its threshold: this is the one of ours.
  rule('SecOps VirusTotalV3: Engine Threshold 5, suspicious counts', ({ malicious, suspicious }) =>
    malicious + suspicious >= 5 ? 'malicious' : 'trusted',
  ),
  rule('n8n-nodes-virustotal: 3 / 1', ({ malicious, suspicious, harmless, undetected }) => {
    if (malicious >= 3) return 'malicious';
    if (malicious + suspicious >= 1) return 'no-match';
    return harmless + undetected > 0 ? 'trusted' : 'no-match';
  }),
  rule('DFIR-IRIS IrisVT: 10 % / 5 %', ({ malicious, suspicious, harmless, undetected }) => {
    const total = malicious + suspicious + harmless + undetected;
    const percent = total === 0 ? 0 : (malicious * 100) / total;
    if (percent >= 10) return 'malicious';
    return percent >= 5 ? 'no-match' : 'trusted';
  }),
];

function rule(name: string, judge: (figures: Figures) => string): JudgingRule {
  return { name, judge: (body) => judge(figuresOf(body)) };
}

interface Body {
  data: {
    attributes: {
      last_analysis_stats: Partial<Record<string, number>>;
      popularity_ranks?: Record<string, { rank: number }>;
    };
  };
}

function figuresOf(body: unknown): Figures {
  const { last_analysis_stats: stats, popularity_ranks: lists = {} } = (body as Body).data.attributes;
  const ranks = Object.values(lists).map(({ rank }) => rank);
  const count = (category: string): number => stats[category] ?? 0;
  return {
    malicious: count('malicious'),
    suspicious: count('suspicious'),
    harmless: count('harmless'),
    undetected: count('undetected'),
    rank: ranks.length === 0 ? undefined : ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length,
  };
}
