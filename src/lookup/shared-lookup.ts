import type { Lease } from './rate-limiter';

/** One report beyond this process's request for it: the repository, and the instances that share it. */
export interface SharedLookup<T> {
  readonly lease: Lease | undefined;
  /** What is stored; undefined at once where nothing can be. */
  read(): Promise<T | undefined> | undefined;
  /** What another instance gets; undefined when it gets nothing. */
  waitForPeer(): Promise<T | undefined>;
  /** VirusTotal has answered; called before the lookups are told. */
  write(answer: T): void;
  /** Lets other instances ask. */
  release(): void;
}
