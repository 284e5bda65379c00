import { quote } from '../../errors';

/** A reply that is none of those that a command or script may give. What it says is from outside and isn't quoted. */
export class UnexpectedReplyError extends Error {
  readonly code = 'REDIS_BAD_REPLY';

  /**
   * @param what the command or script that was answered so
   * @param expected what may come
   * @param reply what came; left out: nothing that can be read
   */
  constructor(what: string, expected: string, ...reply: [unknown?]) {
    const got = reply.length > 0 ? describe(reply[0]) : 'an unreadable value';
    super(`${what} was answered with ${got} instead of ${expected}`);
  }
}

/** The kind of a value and its size. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (Buffer.isBuffer(value)) return `a text of ${value.length} bytes`;
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  return typeof value === 'object' ? 'a map' : `the ${typeof value} ${quote(value)}`;
}
