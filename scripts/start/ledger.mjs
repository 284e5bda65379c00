// What came out against what the sample says, and the lines about it.
import { OUTPUTS } from './triage.mjs';

export class Ledger {
  #waiting;
  #unskipped;
  #toSkip;
  #problems = [];
  #right = 0;
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
    const lines = [row(type ?? '-', value ?? '(no indicator to look up)', count, name, reason)];
    for (const ioc of skipped) {
      if (this.#unskipped.delete(key(ioc))) lines.push(row(ioc.type, ioc.value, '-', 'not sent', ioc.reason));
    }
    return lines;
  }

  failed({ type, value, reason }) {
    this.came++;
    this.failures++;
    this.#problems.push(`${value ?? 'a message'} failed: ${reason}`);
    return [row(type ?? '-', value ?? '', '-', 'Catch', reason)];
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
  return row('kind', 'indicator', 'found', 'output', 'reason');
}

function row(kind, indicator, count, output, reason) {
  return `${kind.padEnd(6)}  ${indicator.padEnd(64)}  ${count.padStart(6)}  ${output.padEnd(16)}  ${reason}`;
}

function key({ type, value }) {
  return value === null ? 'the message without a report' : `${type} ${value}`;
}
