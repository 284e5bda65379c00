/** The first of ten priorities. */
export const FIRST_PRIORITY = 0;
/** The last of them: watching, related indicators and polls. */
export const LAST_PRIORITY = 9;
/** That of a message that names none. */
export const DEFAULT_PRIORITY = 5;

/** Requests of this priority and before may use the reserve of the day's quota. Default flows don't notice the reserve. */
export const LAST_URGENT_PRIORITY = 5;

/** Whether a request of this priority may use the reserve of the day's quota. */
export function isUrgent(priority: number): boolean {
  return priority <= LAST_URGENT_PRIORITY;
}

/** A priority from outside, 0 first to 9 last; the default for what is no number. */
export function priorityOf(value: unknown): number {
  const priority = typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : DEFAULT_PRIORITY;
  return Math.min(LAST_PRIORITY, Math.max(FIRST_PRIORITY, priority));
}
