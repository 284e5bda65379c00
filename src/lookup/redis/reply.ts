import type { HoldRecord } from '../key-hold';
import type { QuotaCounts } from '../quota-count';

/** What the scripts that decide something answer with. */
export interface Reply {
  what: string;
  /** Until it may be asked again. */
  waitMs: number;
  /** Redis's clock, ms since 1970. */
  now: number;
  counts: QuotaCounts;
  hold: HoldRecord | undefined;
  rest: readonly string[];
}

/** @throws Error for what is no such reply */
export function readReply(reply: unknown): Reply {
  if (!Array.isArray(reply) || reply.length < 12) throw new Error('unexpected reply');
  const [what = '', wait, now, day = '', dayUsed, month = '', monthUsed, ...more] = reply.map(String);
  const [kind, status, text = '', pauses, remaining, ...rest] = more;
  return {
    what,
    waitMs: Number(wait),
    now: Number(now),
    counts: { day, dayUsed: Number(dayUsed), month, monthUsed: Number(monthUsed) },
    hold: isKind(kind)
      ? {
          kind,
          text,
          remainingMs: Number(remaining),
          pauses: Number(pauses),
          ...(status ? { status: Number(status) } : {}),
        }
      : undefined,
    rest,
  };
}

function isKind(text: string | undefined): text is HoldRecord['kind'] {
  return text === 'pause' || text === 'spent' || text === 'refused';
}
