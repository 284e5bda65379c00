import type { NodeAPI, NodeMessage } from 'node-red';
import { VirusTotalError } from '../src/errors';
import type { LookupResult } from '../src/lookup/service';
import { OPTIONS } from '../src/options';
import type { Report } from '../src/report/report';
import type { LookupMetadata } from './lookup-metadata';
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
const RESERVED = ['virustotal', 'parts', 'analysis', 'analyses', 'error', '_msgid'];

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
  placementError(msg: NodeMessage): VirusTotalError | undefined {
    if (RESERVED.includes(this.property)) return this.#reservedError(this.property);
    // Every message has a place for a property of its own.
    if (/^\w+$/.test(this.property)) return undefined;
    let path: (string | number)[];
    try {
      path = this.#path(msg);
    } catch (error) {
      return this.#placementError(`that is no property of a message (${(error as Error).message})`);
    }
    if (RESERVED.includes(String(path[0]))) return this.#reservedError(String(path[0]));
    let holder: unknown = msg;
    for (const key of path.slice(0, -1)) {
      holder = (holder as Record<string, unknown>)[key];
      if (holder === undefined) return undefined;
      if (typeof holder !== 'object' || holder === null)
        return this.#placementError(
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
  report(
    metadata: Pick<LookupMetadata, 'action' | 'type' | 'resource'>,
    { report, body }: LookupResult,
  ): unknown {
    if (this.#raw) report.raw = JSON.parse(body.toString()) as unknown;
    if (!this.#scans) delete report.scans;
    return this.#wrap(metadata, report);
  }

  /** A report that stands for a lookup that failed. */
  failure(
    metadata: Pick<LookupMetadata, 'action' | 'type' | 'resource'>,
    error: { code: string; message: string },
  ): unknown {
    const { code, message } = error;
    return this.#wrap(metadata, {
      type: metadata.type ?? '',
      resource: metadata.resource ?? '',
      response_code: -1,
      verbose_msg: message,
      error: { code, message },
    } as Report);
  }

  #wrap(
    { action, type, resource = '' }: Pick<LookupMetadata, 'action' | 'type' | 'resource'>,
    report: Report,
  ): unknown {
    return this.#envelope ? { action: type ?? action, resource, response: report } : report;
  }

  #path(msg: NodeMessage): (string | number)[] {
    return this.#RED.util.normalisePropertyExpression(this.property.replace(/^msg\./, ''), msg);
  }

  #reservedError(property: string): VirusTotalError {
    return this.#placementError(
      `the nodes write msg.${property} themselves: choose another property, such as payload`,
    );
  }

  #placementError(why: string): VirusTotalError {
    return new VirusTotalError(
      'VT_CONFIG',
      `No place for the report: it can't go to msg.${this.property}, because ${why}`,
    );
  }
}
