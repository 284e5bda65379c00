import type { Known, Planned } from './messages';

type Fields = Record<string, unknown>;

/** A message that is under way: what of it has ended so far. */
interface Open {
  planned: Planned;
  /** Values whose lookups have not ended; of a message that ends once, whatever it holds. */
  left: Set<string>;
  /** Whether its node was reset or taken away meanwhile. */
  mayClose: boolean;
}

/** What went wrong is told in words; of many the first. */
export const MOST_COMPLAINTS = 20;

/** Keeps account of every message: each is to end as often as it should, with what belongs to it. */
export class Ledger {
  /** How often something ended in which way: `report`, `unknown`, `nothing`, or the code of an error. */
  readonly ends: Record<string, number> = {};
  readonly complaints: string[] = [];
  readonly #open = new Map<number, Open>();
  readonly #secrets: readonly string[];
  #taken = 0;
  #due = 0;
  #outputs = 0;
  #errors = 0;

  /** @param secret what no error may quote */
  constructor(secret: string) {
    this.#secrets = [secret, secret.toUpperCase(), Buffer.from(secret).toString('base64')];
  }

  /** Messages that went in. */
  get taken(): number {
    return this.#taken;
  }

  /** Ends that all of them together must come to. */
  get due(): number {
    return this.#due;
  }

  get outputs(): number {
    return this.#outputs;
  }

  get errors(): number {
    return this.#errors;
  }

  get open(): number {
    return this.#open.size;
  }

  /** Ends that are still to come. */
  get openEnds(): number {
    let ends = 0;
    for (const { planned, left } of this.#open.values()) ends += planned.each ? left.size : 1;
    return ends;
  }

  /** A message goes in. @returns its number, which it carries */
  take(planned: Planned): number {
    const number = ++this.#taken;
    this.#open.set(number, {
      planned,
      left: new Set(planned.asks.map(({ value }) => value)),
      mayClose: false,
    });
    this.#due += planned.each ? planned.asks.length : 1;
    return number;
  }

  /** What a node has now may end with VT_CLOSED: it is reset or taken away. A deploy that keeps the node ends nothing. */
  mayClose(node: string): void {
    for (const open of this.#open.values()) if (open.planned.node === node) open.mayClose = true;
  }

  /** A message has come to the end of the flow. */
  output(msg: Fields): void {
    this.#outputs++;
    const code = ((msg['payload'] as Fields | undefined)?.['error'] as Fields | undefined)?.['code'];
    const planned = this.#end(msg, code);
    if (!planned) return;
    const { payload, virustotal } = msg as { payload: unknown; virustotal: Fields };
    if (!planned.each) {
      if (Array.isArray(payload)) this.#list(planned, payload as unknown[]);
      else this.#report(planned.asks[0], payload);
      return;
    }
    const asked = planned.asks.find(({ value }) => value === virustotal['resource']);
    if (asked) this.#report(asked, payload);
    else this.#complain('a report that nobody asked for', msg);
  }

  /** A message has come from a Catch node to the end of the flow. */
  error(msg: Fields): void {
    this.#errors++;
    const { code, message, stack } = msg['error'] as Fields;
    this.#count(typeof code === 'string' && code.startsWith('VT_') ? code : `no code: ${String(message)}`);
    if (typeof code !== 'string' || typeof message !== 'string' || message.length < 20)
      this.#complain('an error that says nothing', msg);
    const told = `${String(message)}${String(stack)}`;
    if (this.#secrets.some((secret) => told.includes(secret)))
      this.#complain('an error that quotes the key', msg);
    this.#end(msg, code);
  }

  /** Those that have not ended, in words. */
  get unfinished(): string[] {
    return [...this.#open].slice(0, MOST_COMPLAINTS).map(([number, { planned, left }]) => {
      const of = planned.each ? `, ${left.size} of ${planned.asks.length} left` : '';
      return `message ${number} to ${planned.node}: ${JSON.stringify(planned.msg)}${of}`;
    });
  }

  /** @returns what was planned for a message that ends now; undefined when it has ended before */
  #end(msg: Fields, code: unknown): Planned | undefined {
    const number = msg['n'] as number;
    const open = this.#open.get(number);
    if (!open) {
      this.#complain('a message that had ended already', msg);
      return undefined;
    }
    const { planned, left, mayClose } = open;
    if (code === 'VT_CLOSED' && !mayClose)
      this.#complain('an end with VT_CLOSED, although the node was neither reset nor taken away', msg);
    if (planned.each) {
      const value = (msg['virustotal'] as Fields | undefined)?.['resource'] as string;
      if (!left.delete(value)) this.#complain(`an end for ${value} that is none of what is left`, msg);
    }
    if (!planned.each || left.size === 0) this.#open.delete(number);
    return planned;
  }

  #list({ asks }: Planned, reports: readonly unknown[]): void {
    if (reports.length !== asks.length)
      this.#complain(`${reports.length} reports for ${asks.length} indicators`, reports);
    asks.forEach((asked, index) => this.#report(asked, reports[index]));
  }

  /** @param asked undefined: nothing was to be asked */
  #report(asked: Known | undefined, payload: unknown): void {
    const report = (typeof payload === 'object' && payload !== null ? payload : {}) as Fields;
    if (!asked) {
      this.#count('nothing');
      if (payload !== undefined) this.#complain('a report for nothing', payload);
      return;
    }
    if (report['resource'] !== asked.value) this.#complain(`a report for ${asked.value} of another`, payload);
    const error = report['error'] as Fields | undefined;
    if (error) {
      this.#count(`report of ${String(error['code'])}`);
      return;
    }
    this.#count(asked.positives === 'unknown' ? 'unknown' : 'report');
    const found = report['response_code'] === 0 ? 'unknown' : report['positives'];
    if (found !== asked.positives)
      this.#complain(`${String(found)} in place of ${asked.positives} for ${asked.value}`, payload);
  }

  #count(end: string): void {
    this.ends[end] = (this.ends[end] ?? 0) + 1;
  }

  #complain(what: string, about: unknown): void {
    if (this.complaints.length < MOST_COMPLAINTS)
      this.complaints.push(`${what}: ${JSON.stringify(about)?.slice(0, 400)}`);
  }
}
