// What came out against what the sample says, and the lines about it.
import { OUTPUTS } from './triage.mjs';

export class Ledger {
  #waiting;
  #unskipped;
  #toSkip;
  #problems = [];
  #right = 0;
  /** Rows of what was never asked, for after those of the reports. */
  #others = [];
  came = 0;
  failures = 0;

  constructor({ expected, skipped }) {
    this.#waiting = new Map(expected.map((ioc) => [key(ioc), ioc.output]));
    this.#unskipped = new Set(skipped.map(key));
    this.expected = expected.length;
    this.#toSkip = skipped.length;
  }

  result({ type, value, count, output, reason, skipped }) {
    this.came++;
    const wanted = this.#waiting.get(key({ type, value }));
    this.#waiting.delete(key({ type, value }));
    const name = `${output} ${OUTPUTS[output - 1]}`;
    if (wanted === output) this.#right++;
    else if (wanted === undefined)
      this.#problems.push(`${value ?? 'a message'} came out, which the sample does not say`);
    else
      this.#problems.push(
        `${value ?? 'the message without a report'} came out of ${name} and not ${OUTPUTS[wanted - 1]}`,
      );
    for (const ioc of skipped) {
      if (this.#unskipped.delete(key(ioc)))
        this.#others.push(row(ioc.type, ioc.value, '-', 'not sent', ioc.reason));
    }
    if (value !== null) return [row(type ?? '-', value, count, name, reason)];
    this.#others.push(row('-', '(no indicator to look up)', count, name, reason));
    return [];
  }

  failed({ type, value, reason }) {
    this.came++;
    this.failures++;
    this.#problems.push(`${value ?? 'a message'} failed: ${reason}`);
    return [row(type ?? '-', value ?? '', '-', 'Catch', reason)];
  }

  /** @returns {string[]} rows of what was never asked: indicators that were kept back, and messages without one */
  others() {
    return this.#others.splice(0);
  }

  /** @returns {{ right: number, skipped: number, problems: string[] }} */
  close() {
    const missing = [...this.#waiting.keys()].map((ioc) => `${ioc} never came out`);
    const sent = [...this.#unskipped].map((ioc) => `${ioc} was not listed as skipped`);
    const skipped = this.#toSkip - this.#unskipped.size;
    return { right: this.#right, skipped, problems: [...this.#problems, ...missing, ...sent] };
  }
}

export function header() {
  return row('kind', 'indicator', 'detections', 'output', 'reason');
}

function row(kind, indicator, count, output, reason) {
  return `${kind.padEnd(6)}  ${indicator.padEnd(64)}  ${count.padStart(10)}  ${output.padEnd(16)}  ${reason}`;
}

function key({ type, value }) {
  return value === null ? 'the message without a report' : `${type} ${value}`;
}
