import type { NodeAPI, NodeMessage } from 'node-red';
import { VirusTotalError } from '../src/errors';
import type { LookupResult } from '../src/lookup/service';
import { OPTIONS } from '../src/options';
import type { Report } from '../src/report/report';
import type { Asked } from './asked';
import { switchOf } from './switch';

export interface OutputDef {
  /** Message property that receives the report. Default "payload". */
  output?: string;
  /** `{action, resource, response}` instead of the bare report. */
  envelope?: unknown;
  /** VirusTotal's own body under `report.raw`. */
  raw?: unknown;
  /** False: the report comes without its `scans`. Default true. */
  scans?: unknown;
}

/** What this node and those behind it write into a message: a report there would be overwritten, or taken for something else. */
const TAKEN = ['virustotal', 'parts', 'analysis', 'analyses', 'error', '_msgid'];

const ACTION = OPTIONS.virustotal;

/** Where in a message the report goes, and in which form. */
export class ReportOutput {
  readonly property: string;
  readonly #RED: NodeAPI;
  readonly #envelope: boolean;
  readonly #raw: boolean;
  readonly #scans: boolean;

  /** @throws VirusTotalError `VT_CONFIG` for a switch that is neither yes nor no */
  constructor(RED: NodeAPI, def: OutputDef) {
    this.#RED = RED;
    this.#envelope = switchOf('envelope', def.envelope, ACTION.envelope.default);
    this.#raw = switchOf('raw', def.raw, ACTION.raw.default);
    this.#scans = switchOf('scans', def.scans, ACTION.scans.default);
    this.property = def.output || ACTION.output.default;
  }

  /**
   * Why the report has no place in this message, if so. Looked at before anything is asked: it would be paid for and lost.
   */
  misfit(msg: NodeMessage): VirusTotalError | undefined {
    if (TAKEN.includes(this.property)) return this.#taken(this.property);
    // Every message has a place for a property of its own.
    if (/^\w+$/.test(this.property)) return undefined;
    let path: (string | number)[];
    try {
      path = this.#path(msg);
    } catch (error) {
      return this.#noPlace(`that is no property of a message (${(error as Error).message})`);
    }
    if (TAKEN.includes(String(path[0]))) return this.#taken(String(path[0]));
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
  report(asked: Pick<Asked, 'action' | 'type' | 'resource'>, { report, body }: LookupResult): unknown {
    if (this.#raw) report.raw = JSON.parse(body.toString()) as unknown;
    if (!this.#scans) delete report.scans;
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
    return this.#envelope ? { action: type ?? action, resource, response: report } : report;
  }

  #path(msg: NodeMessage): (string | number)[] {
    return this.#RED.util.normalisePropertyExpression(this.property.replace(/^msg\./, ''), msg);
  }

  #taken(property: string): VirusTotalError {
    return this.#noPlace(
      `msg.${property} is written by the nodes themselves; choose another property, such as payload`,
    );
  }

  #noPlace(why: string): VirusTotalError {
    return new VirusTotalError(
      'VT_CONFIG',
      `No place for the report: it can't go to msg.${this.property}, as ${why}`,
    );
  }
}
