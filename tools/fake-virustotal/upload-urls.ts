import { randomBytes } from 'node:crypto';

/** The path before the token of an upload URL. */
export const UPLOAD_PATH = '/_ah/upload/';

/** Upload URLs that were handed out. Each is for one POST. */
export class UploadUrls {
  readonly #open = new Map<string, { key: string; private: boolean }>();

  /** The path of a new one. */
  open(key: string, isPrivate: boolean): string {
    const token = randomBytes(24).toString('hex');
    this.#open.set(token, { key, private: isPrivate });
    return `${UPLOAD_PATH}${token}/`;
  }

  /** The key that it was handed out to; undefined for one that is unknown or was used. The POST that asks has used it. */
  use(path: string): { key: string; private: boolean } | undefined {
    const token = path.slice(UPLOAD_PATH.length).replace(/\/$/, '');
    const owner = this.#open.get(token);
    this.#open.delete(token);
    return owner;
  }
}
