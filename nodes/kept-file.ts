import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * One value of a node as a small file beside its context. Node-RED's file store writes its values up to 30 s late, and a process that is killed does not
 * live to see that; this is written at once.
 */
export class KeptFile {
  readonly #path: string;

  constructor(folder: string, key: string, nodeId: string) {
    // An id of a flow file can be any text.
    const id = createHash('sha256').update(nodeId).digest('hex').slice(0, 16);
    this.#path = join(folder, `.${key}-${id}.json`);
  }

  /** @returns undefined when there is none, or it can't be read */
  read(): unknown {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Either the old value or the new one is there, whenever the process is killed. What can't be written is removed: an old value misleads. @throws Error */
  write(value: unknown): void {
    const temporary = `${this.#path}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(temporary, JSON.stringify(value), { mode: 0o600 });
      renameSync(temporary, this.#path);
    } catch (error) {
      rmSync(temporary, { force: true });
      this.remove();
      throw error;
    }
  }

  /** Does nothing where there is none. */
  remove(): void {
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // Its folder can't be written.
    }
  }
}
