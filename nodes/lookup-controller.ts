import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { VirusTotalError } from '../src/api/errors';
import { dxlRequest } from '../src/dxl/request';
import type { Extraction } from '../src/ioc/extract';
import type { FoundIoc, Indicator, IocType, SkippedIoc } from '../src/ioc/ioc';
import { IocGate } from '../src/lookup/ioc-gate';
import type { Found, VirusTotalService } from '../src/lookup/service';
import type { Asked } from './asked';
import { serviceOf } from './config-node';
import { LookupStatus } from './lookup-status';
import { MessageCopies } from './message-copies';
import type { Send } from './on-input';
import { ReportOutput, type OutputDef } from './report-output';
import { createSource, nameOfSource, type Source, type SourceDef } from './source';
import { switchOf } from './switch';

export interface LookupDef extends NodeDef, SourceDef, OutputDef {
  server?: string;
  action?: 'search' | IocType;
  hosts?: unknown;
  mailDomains?: unknown;
  quota?: unknown;
  emit?: 'each' | 'array';
  onError?: 'catch' | 'report';
  via?: 'virustotal' | 'dxl';
}

/** What a message tells the node about itself. */
type Controls = NodeMessage & { priority?: unknown; refresh?: unknown; reset?: unknown };

/** What the VirusTotal node does with each message. */
export class LookupController {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  readonly #def: LookupDef;
  readonly #action: 'search' | IocType;
  readonly #searched: { hosts: boolean; mailDomains: boolean };
  readonly #tellsQuota: boolean;
  readonly #output: ReportOutput;
  readonly #source: Source;
  readonly #status: LookupStatus;
  readonly #ignoreService: () => void;

  /** @throws VirusTotalError `VT_CONFIG` for a switch that is neither yes nor no */
  constructor(RED: NodeAPI, node: Node, def: LookupDef) {
    this.#RED = RED;
    this.#node = node;
    this.#def = def;
    this.#action = def.action ?? 'search';
    this.#searched = {
      hosts: switchOf('hosts', def.hosts, false),
      mailDomains: switchOf('mailDomains', def.mailDomains, false),
    };
    this.#tellsQuota = switchOf('quota', def.quota, false);
    this.#output = new ReportOutput(RED, def.via === 'dxl' ? {} : def);
    this.#source = createSource(RED, node, def);
    this.#status = new LookupStatus(node, RED._, () => this.#deployed()?.state());
    const service = this.#deployed();
    this.#ignoreService = service?.onChange(() => this.#status.refresh()) ?? (() => undefined);
    if (!service && def.via !== 'dxl') this.#status.failed('VT_CONFIG');
  }

  /** Throws or rejects with what ends the whole message; an indicator of a search that fails ends by itself. */
  receive(msg: NodeMessage, send: Send): void | Promise<void> {
    if ((msg as Controls).reset === true) return this.#reset();
    const asked: Asked = { action: this.#action, found: 0, cached: false, skipped: [] };
    if (this.#action !== 'search') asked.type = this.#action;
    const misfit = this.#output.misfit(msg);
    if (misfit) return this.#failed(msg, asked, misfit, send);
    try {
      const value = this.#source(msg);
      const done =
        value instanceof Promise
          ? value.then((got) => this.#lookUp(msg, asked, got, send))
          : this.#lookUp(msg, asked, value, send);
      return done?.catch((error: unknown) => this.#failed(msg, asked, error, send));
    } catch (error) {
      this.#failed(msg, asked, error, send);
    }
  }

  /** Ends what this node has waiting; a lookup of another node for the same indicator goes on. */
  async close(): Promise<void> {
    this.#ignoreService();
    await this.#deployed()?.drop(this, 'The node was closed or redeployed while the lookup waited');
    this.#status.close();
  }

  async #reset(): Promise<void> {
    await this.#deployed()?.drop(this, 'The lookup was dropped by msg.reset while it waited');
  }

  #deployed(): VirusTotalService | undefined {
    try {
      return serviceOf(this.#RED, this.#def.server);
    } catch {
      return undefined;
    }
  }

  /** A failure of the whole message: to a Catch node, or on as a report that says so. */
  #failed(msg: NodeMessage, asked: Asked, thrown: unknown, send: Send): void {
    const error = asError(thrown);
    this.#status.failed(error.code);
    this.#note(msg, asked);
    if (!this.#reports(error) || this.#output.misfit(msg)) throw error;
    const one = this.#alone(msg);
    this.#output.put(one, this.#output.failure(asked, error));
    send(one);
  }

  /** Puts `msg.virustotal` into a message that is about to go out. */
  #note(msg: NodeMessage, asked: Asked): NodeMessage {
    const quota = this.#tellsQuota ? this.#deployed()?.state().quota : undefined;
    if (quota) asked.quota = quota;
    return Object.assign(msg, { virustotal: asked });
  }

  /** A closed or reset node has nobody to report to. */
  #reports({ code }: VirusTotalError): boolean {
    return this.#def.onError === 'report' && code !== 'VT_CLOSED';
  }

  /** The only message that a search makes of one has parts all the same: a join node behind it may wait for them. */
  #alone(msg: NodeMessage): NodeMessage {
    if (this.#action !== 'search' || this.#def.emit === 'array') return msg;
    return new MessageCopies(this.#RED, msg, this.#output.property, 1).at(0);
  }

  #lookUp(msg: NodeMessage, asked: Asked, value: unknown, send: Send): void | Promise<void> {
    const service = this.#def.via === 'dxl' ? undefined : serviceOf(this.#RED, this.#def.server);
    const gate = service?.gate ?? this.#deployed()?.gate ?? new IocGate();
    if (this.#action === 'search') return this.#search(msg, asked, value, send, gate, service);

    asked.resource = shortText(value);
    const checked = this.#check(gate, this.#action, value);
    if ('skipped' in checked) {
      asked.resource = checked.skipped.value;
      asked.skipped = [checked.skipped];
      return this.#nothing(msg, asked, send);
    }
    const { indicator } = checked;
    asked.resource = indicator.value;
    asked.found = 1;
    this.#note(msg, asked);
    if (!service) return this.#request(msg, indicator, send);
    const arrived = (found: Found): void => {
      asked.cached = found.cached;
      this.#note(msg, asked);
      this.#output.put(msg, this.#output.report(asked, found));
      send(msg);
    };
    this.#status.begin(1);
    return this.#find(service, indicator, msg, {}, arrived);
  }

  #check(gate: IocGate, type: IocType, value: unknown): { indicator: Indicator } | { skipped: SkippedIoc } {
    try {
      return gate.check(type, value);
    } catch (error) {
      // What is no text can't be quoted in the reason: it says where it came from.
      if (shortText(value).trim() !== '') throw error;
      throw new VirusTotalError('VT_INVALID_IOC', `${nameOfSource(this.#def)} is ${asError(error).message}`);
    }
  }

  #search(
    msg: NodeMessage,
    asked: Asked,
    value: unknown,
    send: Send,
    gate: IocGate,
    service: VirusTotalService | undefined,
  ): void | Promise<void> {
    if (value === undefined || value === null || value === '')
      throw new VirusTotalError(
        'VT_INVALID_IOC',
        `There is nothing to search: ${nameOfSource(this.#def)} is ${value === '' ? 'empty' : 'missing'}`,
      );
    const found = gate.extract(value, this.#searched);
    return found instanceof Promise
      ? found.then((late) => this.#askAll(msg, asked, late, send, service))
      : this.#askAll(msg, asked, found, send, service);
  }

  #askAll(
    msg: NodeMessage,
    asked: Asked,
    { iocs, skipped }: Extraction,
    send: Send,
    service: VirusTotalService | undefined,
  ): void | Promise<void> {
    Object.assign(asked, { found: iocs.length, skipped });
    if (iocs.length === 0) return this.#nothing(msg, asked, send);
    if (service) this.#status.begin(iocs.length);
    if (service && this.#def.emit === 'array') return this.#asArray(msg, asked, iocs, send, service);
    return this.#asMessages(msg, asked, iocs, send, service);
  }

  /** One message for each report, as soon as it is there. */
  #asMessages(
    msg: NodeMessage,
    asked: Asked,
    iocs: readonly FoundIoc[],
    send: Send,
    service: VirusTotalService | undefined,
  ): void | Promise<void> {
    const copies = new MessageCopies(this.#RED, msg, this.#output.property, iocs.length);
    const batch = {};
    const open: Promise<void>[] = [];
    iocs.forEach((ioc, index) => {
      const one: Asked = {
        action: asked.action,
        type: ioc.type,
        resource: ioc.value,
        found: asked.found,
        cached: asked.cached,
        skipped: asked.skipped.map((each) => ({ ...each })),
        path: this.#pathOf(ioc.path),
        text: ioc.text,
      };
      if (!service) {
        this.#request(this.#note(copies.at(index), one), ioc, send);
        return;
      }
      const arrived = (found: Found): void => {
        one.cached = found.cached;
        const copy = this.#note(copies.at(index), one);
        this.#output.put(copy, this.#output.report(one, found));
        send(copy);
      };
      const finding = this.#find(service, ioc, msg, batch, arrived);
      if (finding)
        open.push(finding.catch((error: unknown) => this.#failedOne(copies, index, one, error, send)));
    });
    if (open.length > 0) return Promise.all(open).then(() => undefined);
  }

  /** An indicator of a search that failed: its own copy of the message goes to a Catch node, the others go on. */
  #failedOne(copies: MessageCopies, index: number, one: Asked, thrown: unknown, send: Send): void {
    const error = asError(thrown);
    if (!this.#reports(error)) {
      this.#node.error(error, this.#note(copies.asItCame(index), one));
      return;
    }
    const copy = this.#note(copies.at(index), one);
    this.#output.put(copy, this.#output.failure(one, error));
    send(copy);
  }

  /** One message with all reports, in the order of the indicators; what failed is an error report in its place. */
  async #asArray(
    msg: NodeMessage,
    asked: Asked,
    iocs: readonly FoundIoc[],
    send: Send,
    service: VirusTotalService,
  ): Promise<void> {
    const reports: unknown[] = new Array(iocs.length);
    const batch = {};
    asked.cached = true;
    await Promise.all(
      iocs.map(async (ioc, index) => {
        const one = { action: asked.action, type: ioc.type, resource: ioc.value };
        const arrived = (found: Found): void => {
          asked.cached &&= found.cached;
          reports[index] = this.#output.report(one, found);
        };
        try {
          await this.#find(service, ioc, msg, batch, arrived);
        } catch (thrown) {
          asked.cached = false;
          const error = asError(thrown);
          if (error.code === 'VT_CLOSED') throw error;
          reports[index] = this.#output.failure(one, error);
        }
      }),
    );
    this.#note(msg, asked);
    this.#output.put(msg, reports);
    send(msg);
  }

  /**
   * Calls `arrived` at once for what is cached, so that nothing on that way waits for a turn of the event loop.
   * @param batch stands for the message, see `LookupOptions`
   */
  #find(
    service: VirusTotalService,
    indicator: Indicator,
    msg: NodeMessage,
    batch: object,
    arrived: (found: Found) => void,
  ): void | Promise<void> {
    const { priority, refresh } = msg as Controls;
    const cached = refresh === true ? undefined : service.peek(indicator);
    if (this.#RED.log.metric()) this.#node.metric(cached ? 'cache.hit' : 'cache.miss', msg, 1);
    if (cached) {
      this.#status.found(cached.report, true);
      return arrived(cached);
    }
    const asking = service.ask(indicator, { priority: priorityOf(priority), batch, owner: this });
    this.#status.refresh();
    return asking.then(
      (found) => {
        this.#status.found(found.report, false);
        arrived(found);
      },
      (error: unknown) => {
        this.#status.lost(asError(error).code);
        throw error;
      },
    );
  }

  /** Nothing to ask about: the message goes on without a report, so that a flow that waits for it goes on too. */
  #nothing(msg: NodeMessage, asked: Asked, send: Send): void {
    this.#status.nothing(asked.skipped.length > 0 ? 'status.skipped' : 'status.nothing');
    const one = this.#note(this.#alone(msg), asked);
    this.#output.clear(one);
    send(one);
  }

  #request(msg: NodeMessage, indicator: Indicator, send: Send): void {
    const { topic, payload } = dxlRequest(indicator);
    send(Object.assign(msg, { dxlTopic: topic, payload }));
  }

  /** Where an indicator stood, seen from the message or context. */
  #pathOf(path: string): string {
    const { source = 'payload', sourceType = 'msg' } = this.#def;
    if (sourceType === 'jsonata' || sourceType === 'str') return path;
    return path === '' || path.startsWith('[') ? source + path : `${source}.${path}`;
  }
}

function asError(thrown: unknown): VirusTotalError {
  if (thrown instanceof VirusTotalError) return thrown;
  return new VirusTotalError('VT_CONFIG', thrown instanceof Error ? thrown.message : String(thrown));
}

function priorityOf(wish: unknown): number | undefined {
  const priority = typeof wish === 'string' && wish.trim() !== '' ? Number(wish) : wish;
  return typeof priority === 'number' && Number.isFinite(priority) ? priority : undefined;
}

/** For a message about a value that isn't an indicator. */
function shortText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}
