/** A value as a message shows it: quoted, on one line, at most about 80 characters. */
export function quote(value: string): string {
  const start = value.length > 80 ? `${value.slice(0, 77)}...` : value;
  return JSON.stringify(start);
}
