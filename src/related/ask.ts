import { VirusTotalError } from '../errors';
import type { Answer } from './answer';
import type { RelationPlan } from './plan';
import type { Question } from './question';

/** What the answers for one indicator cost. */
export interface Cost {
  /** Requests that were made; answers from the cache are not counted. */
  requests: number;
  /** Whether every answer came from the cache. */
  cached: boolean;
}

interface AskOptions {
  readonly maxRequests: number;
  /** Is kept up to date while the requests go on. */
  readonly cost: Cost;
  /** Makes one request; undefined when the answer is not wanted any more. */
  readonly query: (question: Question) => Promise<{ answer: Answer; cached: boolean } | undefined>;
}

/** After one of these all other requests for the indicator would end the same way. */
const ENDS_ALL = ['VT_AUTH', 'VT_CONFIG', 'VT_QUOTA', 'VT_QUEUE_FULL', 'VT_INVALID_IOC'];

/**
 * Makes the requests of a plan, one after the other, as many as are allowed. What fails is noted in the plan.
 * @throws VirusTotalError `VT_CLOSED` as a rejection
 */
export async function askRelations(
  plan: RelationPlan,
  { maxRequests, cost, query }: AskOptions,
): Promise<void> {
  let answers = 0;
  for (let question = plan.next(); question; question = plan.next()) {
    if (cost.requests >= maxRequests) {
      plan.stop('MAX_REQUESTS', `Not asked: the message has used its ${maxRequests} requests`);
      break;
    }
    try {
      const found = await query(question);
      if (!found) return;
      if (!found.cached) cost.requests += 1;
      cost.cached = found.cached && (answers === 0 || cost.cached);
      answers += 1;
      plan.answered(found.answer);
    } catch (thrown) {
      if (!(thrown instanceof VirusTotalError) || thrown.code === 'VT_CLOSED') throw thrown;
      cost.requests += 1;
      cost.cached = false;
      answers += 1;
      plan.failed(thrown);
      if (ENDS_ALL.includes(thrown.code)) return plan.stop(thrown.code, thrown.message);
    }
  }
}
