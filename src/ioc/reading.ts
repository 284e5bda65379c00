import type { Hint } from './hint';
import type { IocType } from './ioc';
import type { Refanged } from './refanged';

/** Receives what is found: the kind, the canonical value, and from where to where it stands in the refanged text. */
export type Found = (type: IocType, value: string, start: number, end: number) => void;

/** One text that is searched, with what is known of it. */
export interface Reading {
  readonly text: string;
  readonly refanged: Refanged;
  /** What the key of the text says of it. */
  readonly hint: Hint | undefined;
  /** Report the domain of mail addresses. */
  readonly mailDomains: boolean;
  readonly found: Found;
}
