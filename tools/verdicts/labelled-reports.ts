import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Recorded reports beside the checkout; they are VirusTotal's and never part of this project. */
const FOLDER = join(__dirname, '../../../shared/labelled');

/** What a report is of, by somebody who knows. */
export const TRUTHS = ['malicious', 'unwanted', 'test', 'benign', 'unrated'] as const;

export type Truth = (typeof TRUTHS)[number];

export interface LabelledReport {
  file: string;
  truth: Truth;
  /** VirusTotal's answer of API v3. */
  body: unknown;
}

/** Undefined where the folder is not there. */
export function labelledReports(): LabelledReport[] | undefined {
  const labels = join(FOLDER, 'LABELS.tsv');
  if (!existsSync(labels)) return undefined;
  const [, ...rows] = readFileSync(labels, 'utf8').trimEnd().split('\n');
  return rows.map((row) => {
    const [file = '', truth = ''] = row.split('\t');
    return {
      file,
      truth: truth as Truth,
      body: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as unknown,
    };
  });
}
