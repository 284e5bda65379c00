import type { ReportType } from '../report/report';

/**
 * Writes an indicator so that no program makes a link of it that could be clicked: `hxxps://evil[.]com/a`, `203[.]0[.]113[.]7`,
 * `2001[:]db8[:][:]7`. A search for indicators reads it back. A hash stays as it is.
 */
export function defang(type: ReportType | null, value: string): string {
  if (type === 'file') return value;
  const dotted = value.replaceAll('.', '[.]');
  if (type === 'ip') return dotted.replaceAll(':', '[:]');
  // A second address, in the query of the first, is one to click on too.
  const [scheme = '', ...rest] = dotted.split('://');
  if (rest.length === 0) return dotted;
  return `${scheme.replace(/^http/i, 'hxxp').replace(/^ftp/i, 'fxp')}://${rest.join('[://]')}`;
}

/** The same for an indicator of a kind that is not known: only an address of IPv6 has colons without a scheme. */
export function defangOrigin(value: string): string {
  return defang(value.includes(':') && !value.includes('://') ? 'ip' : null, value);
}
