import { MAX_DIRECT_BYTES, type Privacy, type Submitted } from '../api/submission-requests';
import { VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import type { VirusTotalService } from '../lookup/service';
import { submitSpec, uploadUrlSpec, type Sendable, type SendObserver } from './requests';

/** What may be tried again after a refusal for the rate: an upload with an address of its own, which is asked for again. */
const MAX_UPLOAD_TRIES = 3;

/** What the first submission brings along; those that join wait for the same. */
export interface PostOptions {
  priority: number | undefined;
  batch: object | undefined;
  beforeSend: (() => void | Promise<void>) | undefined;
}

/** What is sent. */
export interface Post {
  indicator: Indicator;
  sendable: Sendable;
  privacy: Privacy;
  scannedBefore: string | undefined;
}

/** `beforeSend` of the submission that was to send has refused. Another that waits for the same sends in its place. */
export class RefusedBefore extends Error {
  constructor(override readonly cause: unknown) {
    super('refused before it was sent');
  }
}

/** Sending one thing, for all submissions of it. It is given up when none of them waits any more and it has not left yet. */
export class SharedPost {
  readonly answer: Promise<Submitted>;
  /** See `PendingAnalysis`. */
  readonly scannedBefore: string | undefined;
  readonly #left = new AbortController();
  readonly #observers = new Set<SendObserver>();
  readonly #onAnalysis: (analysisId: string) => void;
  /** Called when it is over, before those who wait for it go on. */
  onOver: () => void = () => undefined;
  #hasLeft = false;

  /** @param onAnalysis called with the id of the analysis, as soon as the answer is read */
  constructor(
    service: VirusTotalService,
    what: Post,
    options: PostOptions,
    onAnalysis: (analysisId: string) => void,
  ) {
    this.#onAnalysis = onAnalysis;
    this.scannedBefore = what.scannedBefore;
    this.answer = this.#send(service, what, options).finally(() => this.onOver());
    // Each submission has its own wait for it.
    this.answer.catch(() => undefined);
  }

  /** @returns a function that ends it */
  join(observer: SendObserver): () => void {
    this.#observers.add(observer);
    if (this.#hasLeft) observer.leaves();
    return () => {
      this.#observers.delete(observer);
      if (this.#observers.size === 0) this.#left.abort();
    };
  }

  async #send(
    service: VirusTotalService,
    { indicator, sendable, privacy }: Post,
    { priority, batch, beforeSend }: PostOptions,
  ): Promise<Submitted> {
    try {
      await beforeSend?.();
    } catch (error) {
      throw new RefusedBefore(error);
    }
    const options = { priority, batch, signal: this.#left.signal };
    const observer: SendObserver = {
      leaves: () => {
        this.#hasLeft = true;
        for (const each of [...this.#observers]) each.leaves();
      },
      sent: (sent, length) => {
        for (const each of [...this.#observers]) each.sent(sent, length);
      },
    };
    const post = async (what: Sendable): Promise<Submitted> => {
      const answer = await service.fetch(submitSpec(indicator, what, privacy, observer), options);
      if (answer.analysisId !== undefined) this.#onAnalysis(answer.analysisId);
      return answer;
    };
    if (sendable.kind !== 'file' || sendable.file.size < MAX_DIRECT_BYTES) return post(sendable);
    for (let tries = 1; ; tries++) {
      const uploadUrl = await service.fetch(uploadUrlSpec(indicator, privacy), options);
      try {
        return await post({ ...sendable, uploadUrl });
      } catch (error) {
        const isRate =
          error instanceof VirusTotalError && error.code === 'VT_QUOTA' && error.reason === 'rate';
        if (!isRate || tries === MAX_UPLOAD_TRIES) throw error;
      }
    }
  }
}
