import type { NodeAPI, NodeDef } from 'node-red';
import type { IocType } from '../src/ioc/ioc';
import type { VirusTotalService } from '../src/lookup/service';
import { OPTIONS } from '../src/options';
import { deployedService, fileRootsOf, serviceOf } from './config-node';
import { DxlLookup } from './dxl-lookup';
import type { Inbox } from './inbox';
import { LookupStatus, type LookupState } from './lookup-status';
import { asError } from './lookups';
import type { MessageLookup } from './message-lookup';
import { NodeEvents } from './node-events';
import type { MessageHandler } from './on-input';
import { Outgoing, type OutgoingDef } from './outgoing';
import type { Received } from './received';
import { ReportLookup } from './report-lookup';
import { createSource, nameOfSource, type Source } from './source';
import { switchOf } from './switch';

export interface LookupDef extends NodeDef, OutgoingDef {
  server?: string;
  action?: 'search' | IocType;
  hosts?: unknown;
  mailDomains?: unknown;
}

const ACTION = OPTIONS.virustotal;

/** A VirusTotal node that is deployed: begins the lookup of each message, in the way that it is set to, and shows how they do. */
export class LookupController implements MessageHandler {
  readonly #RED: NodeAPI;
  readonly #inbox: Inbox;
  readonly #server: string | undefined;
  readonly #source: Source;
  readonly #status: LookupStatus;
  readonly #begin: (received: Received) => MessageLookup;
  readonly #unsubscribe: () => void;

  /** @throws VirusTotalError `VT_CONFIG` for a switch that is neither yes nor no */
  constructor(RED: NodeAPI, inbox: Inbox, def: LookupDef) {
    const { node } = inbox;
    const { action = ACTION.action.default, server, emit, via } = def;
    this.#RED = RED;
    this.#inbox = inbox;
    this.#server = server;
    const searchOptions = {
      hosts: switchOf('hosts', def.hosts, ACTION.hosts.default),
      mailDomains: switchOf('mailDomains', def.mailDomains, ACTION.mailDomains.default),
    };
    const out = new Outgoing(RED, def, () => this.#service());
    this.#source = createSource(RED, node, { ...def, allowedFolders: () => fileRootsOf(RED, server) });
    inbox.service = () => (via === 'dxl' ? undefined : this.#service());
    const status = (this.#status = this.#openStatus());
    const events = new NodeEvents(RED, node, server);
    const setup = { action, searchOptions, source: def, sourceName: nameOfSource(def), out, status, events };
    const dxl = { ...setup, filter: () => this.#service()?.filter };
    const reports = { ...setup, RED, node, inbox, server, emit };
    this.#begin = (received) =>
      via === 'dxl' ? new DxlLookup(dxl, received) : new ReportLookup(reports, received);
    this.#unsubscribe = this.#service()?.onChange(() => status.refresh()) ?? (() => undefined);
    if (via !== 'dxl') this.#showProblems();
  }

  /** Throws or rejects with what ends the whole message; an indicator of a search that fails ends by itself. */
  receive(received: Received): void | Promise<void> {
    const { msg } = received;
    if ((msg as { reset?: unknown }).reset === true) return this.#reset();
    const lookup = this.#begin(received);
    try {
      // Looked at before anything is asked: the report would be paid for and lost.
      const placementError = lookup.out.output.placementError(msg);
      if (placementError) throw placementError;
      const value = this.#source(msg);
      const found = value instanceof Promise ? undefined : lookup.find(value);
      const done = found && !(found instanceof Promise) ? lookup.ask(found) : lookup.askLater(value, found);
      return done?.catch((error: unknown) => lookup.failed(error));
    } catch (error) {
      lookup.failed(error);
    }
  }

  /** What waits goes on in the node that a deploy puts in its place, which shows it too. */
  close(): void {
    this.#unsubscribe();
    this.#status.close();
  }

  /** A lookup of another node for the same indicator goes on. */
  #reset(): Promise<void> {
    return this.#inbox.drop('Dropped by msg.reset: the lookup had not ended yet');
  }

  #openStatus(): LookupStatus {
    const { kept, node } = this.#inbox;
    const state = (): LookupState | undefined => this.#lookupState();
    // One that can't ask says so, and not what becomes of what waited.
    if (!(kept instanceof LookupStatus) || !this.#inbox.service?.())
      return (this.#inbox.kept = new LookupStatus(node, state));
    kept.moveTo(node, state);
    return kept;
  }

  #lookupState(): LookupState | undefined {
    const service = this.#service();
    return service && { ...service.stats(), averageIntervalMs: service.averageIntervalMs };
  }

  #showProblems(): void {
    try {
      serviceOf(this.#RED, this.#server);
    } catch (problem) {
      this.#status.messageFailed(asError(problem));
    }
    // The key may have a problem already.
    this.#status.refresh();
  }

  #service(): VirusTotalService | undefined {
    return deployedService(this.#RED, this.#server);
  }
}
