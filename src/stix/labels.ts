import type { JsonObject } from '../report/narrow';
import { distinctTexts } from './describe';

const MOST = 50;

/** VirusTotal's own `tags`. The categories of vendors contradict each other and stand in the note. */
export function labels({ tags }: JsonObject): { labels?: string[] } {
  const words = distinctTexts(Array.isArray(tags) ? tags : []).slice(0, MOST);
  return words.length === 0 ? {} : { labels: words };
}
