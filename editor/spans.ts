const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** A length of time as the language of the editor writes it, in the largest unit that it has two of. */
export function spanText(ms: number): string {
  const [unit, unitMs] = UNITS.find(([, each]) => ms >= 2 * each) ?? (['second', 1000] as const);
  const style = { style: 'unit', unit, unitDisplay: 'short' } as const;
  return new Intl.NumberFormat(RED.i18n.lang(), style).format(Math.round(ms / unitMs));
}

/** How long ago that was, as "5 min. ago". */
export function agoText(time: string): string {
  const ms = Math.max(0, Date.now() - Date.parse(time));
  const [unit, unitMs] = UNITS.find(([, each]) => ms >= each) ?? (['second', 1000] as const);
  const format = new Intl.RelativeTimeFormat(RED.i18n.lang(), { style: 'short', numeric: 'auto' });
  return format.format(-Math.floor(ms / unitMs), unit);
}

/** A time to come: of the next 24 hours as the time of the day, later ones as the date. */
export function whenText(time: string): string {
  const isSoon = Date.parse(time) - Date.now() <= 86_400_000;
  const style: Intl.DateTimeFormatOptions = isSoon
    ? { hour: '2-digit', minute: '2-digit' }
    : { month: 'short', day: 'numeric' };
  return new Date(time).toLocaleString(RED.i18n.lang(), style);
}
