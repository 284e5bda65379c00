import type { NodeAPI, NodeMessage } from 'node-red';
import { VirusTotalError } from '../src/api/errors';
import type { Found } from '../src/lookup/service';
import type { Report } from '../src/report/report';
import type { Asked } from './asked';

export interface OutputDef {
  /** Message property that receives the report. Default "payload". */
  output?: string;
  /** `{action, resource, response}` instead of the bare report. */
  envelope?: boolean;
  /** VirusTotal's own body under `report.raw`. */
  raw?: boolean;
}

/** Where in a message the report goes, and in which form. */
export class ReportOutput {
  readonly property: string;
  readonly #RED: NodeAPI;
  readonly #def: OutputDef;

  constructor(RED: NodeAPI, def: OutputDef) {
    this.#RED = RED;
    this.#def = def;
    this.property = def.output || 'payload';
  }

  /**
   * Why the report has no place in this message, if so. Looked at before anything is asked: it would be paid for and lost.
   */
  misfit(msg: NodeMessage): VirusTotalError | undefined {
    // Every message has a place for a property of its own.
    if (/^\w+$/.test(this.property)) return undefined;
    let path: (string | number)[];
    try {
      path = this.#path(msg);
    } catch (error) {
      return this.#noPlace(`that is no property of a message (${(error as Error).message})`);
    }
    let holder: unknown = msg;
    for (const key of path.slice(0, -1)) {
      holder = (holder as Record<string, unknown>)[key];
      if (holder === undefined) return undefined;
      if (typeof holder !== 'object' || holder === null)
        return this.#noPlace(
          `there is ${holder === null ? 'null' : `a ${typeof holder}`} at ${key} in this message`,
        );
    }
    return undefined;
  }

  put(msg: NodeMessage, value: unknown): void {
    this.#RED.util.setMessageProperty(msg, this.property, value, true);
  }

  /** No report: what the property held before must not be taken for one. An element of a list leaves its place empty. */
  clear(msg: NodeMessage): void {
    const value = typeof this.#path(msg).at(-1) === 'number' ? null : undefined;
    this.#RED.util.setMessageProperty(msg, this.property, value, false);
  }

  /** The report is the message's own already; VirusTotal's body is not. */
  report(asked: Pick<Asked, 'action' | 'type' | 'resource'>, { report, body }: Found): unknown {
    if (this.#def.raw === true) report.raw = JSON.parse(body.toString()) as unknown;
    return this.#form(asked, report);
  }

  /** A report that stands for a lookup that failed. */
  failure(
    asked: Pick<Asked, 'action' | 'type' | 'resource'>,
    error: { code: string; message: string },
  ): unknown {
    const { code, message } = error;
    return this.#form(asked, {
      type: asked.type ?? '',
      resource: asked.resource ?? '',
      response_code: -1,
      verbose_msg: message,
      error: { code, message },
    } as Report);
  }

  #form(
    { action, type, resource = '' }: Pick<Asked, 'action' | 'type' | 'resource'>,
    report: Report,
  ): unknown {
    return this.#def.envelope === true ? { action: type ?? action, resource, response: report } : report;
  }

  #path(msg: NodeMessage): (string | number)[] {
    return this.#RED.util.normalisePropertyExpression(this.property.replace(/^msg\./, ''), msg);
  }

  #noPlace(why: string): VirusTotalError {
    return new VirusTotalError('VT_CONFIG', `The report can't go to msg.${this.property}: ${why}`);
  }
}
