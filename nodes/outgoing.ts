import type { NodeAPI, NodeMessage } from 'node-red';
import type { VirusTotalError } from '../src/errors';
import type { VirusTotalService } from '../src/lookup/service';
import { OPTIONS } from '../src/options';
import type { LookupMetadata } from './lookup-metadata';
import { MessageFanOut } from './message-fan-out';
import { ReportOutput, type OutputDef } from './report-output';
import type { SourceDef } from './source';
import { switchOf } from './switch';

export interface OutgoingDef extends SourceDef, OutputDef {
  quota?: unknown;
  emit?: 'each' | 'array';
  onError?: 'catch' | 'report';
  via?: 'virustotal' | 'dxl';
}

/** How a VirusTotal node puts what it has found into the messages that go out. */
export class Outgoing {
  readonly output: ReportOutput;
  readonly #RED: NodeAPI;
  readonly #def: OutgoingDef;
  readonly #tellsQuota: boolean;
  readonly #service: () => VirusTotalService | undefined;

  /** @throws VirusTotalError `VT_CONFIG` for a switch that is neither yes nor no */
  constructor(RED: NodeAPI, def: OutgoingDef, service: () => VirusTotalService | undefined) {
    this.#RED = RED;
    this.#def = def;
    this.#tellsQuota = switchOf('quota', def.quota, OPTIONS.virustotal.quota.default);
    this.output = new ReportOutput(RED, def.via === 'dxl' ? {} : def);
    this.#service = service;
  }

  /** Puts `msg.virustotal` into a message that is about to go out. */
  addMetadata(msg: NodeMessage, metadata: LookupMetadata): NodeMessage {
    const quota = this.#tellsQuota ? this.#service()?.stats().quota : undefined;
    if (quota) metadata.quota = quota;
    return Object.assign(msg, { virustotal: metadata });
  }

  /** True if a failure is passed on as a report instead of an error. A closed or reset node passes on nothing. */
  sendsErrorReports({ code }: VirusTotalError): boolean {
    return this.#def.onError === 'report' && code !== 'VT_CLOSED';
  }

  /** The message property that the indicators come from; undefined when they come from another source. */
  get sourceProperty(): string | undefined {
    const { source = 'payload', sourceType = 'msg' } = this.#def;
    return sourceType === 'msg' ? source : undefined;
  }

  /** Where an indicator stood, seen from the message or context. */
  pathOf(path: string): string {
    const { source = 'payload', sourceType = 'msg' } = this.#def;
    if (sourceType === 'jsonata' || sourceType === 'str') return path;
    if (sourceType === 'path') return source;
    return path === '' || path.startsWith('[') ? source + path : `${source}.${path}`;
  }

  copies(msg: NodeMessage, copies: { count: number; keepsParts?: boolean }): MessageFanOut {
    return new MessageFanOut(this.#RED, msg, { property: this.output.property, ...copies });
  }

  /** The only message that a search makes of one has parts all the same: a join node behind it may wait for them. */
  asPartOfOne(msg: NodeMessage, { action }: LookupMetadata): NodeMessage {
    return action !== 'search' || this.#def.emit === 'array' ? msg : this.copies(msg, { count: 1 }).copy(0);
  }
}
