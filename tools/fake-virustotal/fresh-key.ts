import { STAND_IN_KEY } from './stand-in';

let keys = 0;

/** A key of its own for each test: what a key has used up is remembered by the process. */
export function freshKey(): string {
  return (++keys).toString(16).padStart(6, '0') + STAND_IN_KEY.slice(6);
}
