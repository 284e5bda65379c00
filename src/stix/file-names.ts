import { isStrings, type JsonObject } from '../report/narrow';

/** The names that a file was seen under, the telling one first. v2 has them with a private key only. */
export function fileNames({ meaningful_name, names, submission_names }: JsonObject): string[] {
  const listed = isStrings(names) ? names : isStrings(submission_names) ? submission_names : [];
  const all = typeof meaningful_name === 'string' ? [meaningful_name, ...listed] : listed;
  return [...new Set(all)].filter((name) => name !== '' && name.length <= 1000);
}
