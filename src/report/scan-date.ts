/** Unix seconds as "YYYY-MM-DD HH:MM:SS" in UTC, the form of API v2; undefined for what is no date. */
export function scanDate(seconds: unknown): string | undefined {
  // Beyond this a Date is invalid, and a year of five digits is a mistake of the sender's.
  if (typeof seconds !== 'number' || !(seconds >= 0) || seconds > 253_402_300_799) return undefined;
  const iso = new Date(seconds * 1000).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** "YYYY-MM-DD HH:MM:SS", which VirusTotal means in UTC without saying so, as ms since 1970; undefined for what is no date. */
export function scanTime(date: unknown): number | undefined {
  if (typeof date !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(date)) return undefined;
  const time = Date.parse(`${date.replace(' ', 'T')}Z`);
  return Number.isNaN(time) ? undefined : time;
}
