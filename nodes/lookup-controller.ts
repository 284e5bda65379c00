import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { VirusTotalError } from '../src/api/errors';
import { dxlRequest } from '../src/dxl/request';
import type { Indicator, IocType, SkippedIoc } from '../src/ioc/ioc';
import { IocGate } from '../src/lookup/ioc-gate';
import type { Found, VirusTotalService } from '../src/lookup/service';
import { copyJson } from '../src/report/copy';
import type { Report } from '../src/report/report';
import { serviceOf } from './config-node';
import { LookupStatus } from './lookup-status';
import { MessageCopies } from './message-copies';
import type { Send } from './on-input';
import { createSource, type Source, type SourceDef } from './source';

export interface LookupDef extends NodeDef, SourceDef {
  server?: string;
  action?: 'search' | IocType;
  output?: string;
  hosts?: boolean;
  emit?: 'each' | 'array';
  envelope?: boolean;
  raw?: boolean;
  onError?: 'catch' | 'report';
  via?: 'virustotal' | 'dxl';
}

/** What a message tells the node about itself. */
type Controls = NodeMessage & { priority?: unknown; refresh?: unknown; reset?: unknown };

/** `msg.virustotal`: what was asked, and what was not. */
interface Asked {
  action: string;
  type?: string;
  resource?: string;
  /** How many indicators the message holds that may be sent. */
  found: number;
  cached: boolean;
  skipped: SkippedIoc[];
  /** Where the indicator stood, as `payload.ioc.url`; in a search only. */
  path?: string;
  /** The indicator as it stood, still defanged; in a search only. */
  text?: string;
}

/** What the VirusTotal node does with each message. */
export class LookupController {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  readonly #def: LookupDef;
  readonly #action: 'search' | IocType;
  readonly #output: string;
  readonly #source: Source;
  readonly #status: LookupStatus;
  readonly #ignoreService: () => void;

  constructor(RED: NodeAPI, node: Node, def: LookupDef) {
    this.#RED = RED;
    this.#node = node;
    this.#def = def;
    this.#action = def.action ?? 'search';
    this.#output = def.output || 'payload';
    this.#source = createSource(RED, node, def);
    this.#status = new LookupStatus(node, RED._, () => this.#deployed());
    this.#ignoreService = this.#deployed()?.onChange(() => this.#status.refresh()) ?? (() => undefined);
  }

  /** Throws or rejects with what ends the whole message; an indicator of a search that fails ends by itself. */
  receive(msg: NodeMessage, send: Send): void | Promise<void> {
    if ((msg as Controls).reset === true) return this.#reset();
    try {
      const value = this.#source(msg);
      const done =
        value instanceof Promise
          ? value.then((got) => this.#lookUp(msg, got, send))
          : this.#lookUp(msg, value, send);
      return done?.catch((error: unknown) => this.#failed(msg, error, send));
    } catch (error) {
      this.#failed(msg, error, send);
    }
  }

  /** Ends what this node has waiting; a lookup of another node for the same indicator goes on. */
  async close(): Promise<void> {
    this.#ignoreService();
    await this.#deployed()?.drop(this, 'The node was closed or redeployed while the lookup waited');
    this.#status.clear();
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
  #failed(msg: NodeMessage, thrown: unknown, send: Send): void {
    const code = codeOf(thrown);
    this.#status.failed(code);
    if (!this.#reports(code)) throw thrown;
    const asked = (msg as { virustotal?: Asked }).virustotal;
    const resource = asked?.resource ?? '';
    const type = asked?.type ?? (this.#action === 'search' ? '' : this.#action);
    this.#put(msg, errorReport({ type, value: resource }, thrown));
    send(msg);
  }

  /** A closed or reset node has nobody to report to. */
  #reports(code: string): boolean {
    return this.#def.onError === 'report' && code !== 'VT_CLOSED';
  }

  #lookUp(msg: NodeMessage, value: unknown, send: Send): void | Promise<void> {
    const service = this.#def.via === 'dxl' ? undefined : serviceOf(this.#RED, this.#def.server);
    const gate = service?.gate ?? this.#deployed()?.gate ?? new IocGate();
    if (this.#action === 'search') return this.#search(msg, value, send, gate, service);

    const asked: Asked = {
      action: this.#action,
      type: this.#action,
      resource: shortText(value),
      found: 0,
      cached: false,
      skipped: [],
    };
    Object.assign(msg, { virustotal: asked });
    const checked = gate.check(this.#action, value);
    if ('skipped' in checked) {
      asked.resource = checked.skipped.value;
      return this.#nothing(msg, { ...asked, skipped: [checked.skipped] }, send);
    }
    const { indicator } = checked;
    Object.assign(asked, { resource: indicator.value, found: 1 });
    if (!service) return this.#request(msg, indicator, send);
    const arrived = (found: Found): void => {
      asked.cached = found.cached;
      this.#put(msg, this.#report(indicator, found));
      send(msg);
    };
    return this.#find(service, indicator, msg, msg, arrived);
  }

  #search(
    msg: NodeMessage,
    value: unknown,
    send: Send,
    gate: IocGate,
    service: VirusTotalService | undefined,
  ): void | Promise<void> {
    if (value === undefined || value === null || value === '')
      throw new VirusTotalError(
        'VT_INVALID_IOC',
        `There is nothing to search: ${this.#sourceName()} is ${value === '' ? 'empty' : 'missing'}`,
      );
    const { iocs, skipped } = gate.extract(value, { hosts: this.#def.hosts === true });
    const asked = { action: 'search', found: iocs.length, cached: false, skipped };
    if (iocs.length === 0) return this.#nothing(msg, asked, send);
    const about = (index: number, cached = false): Asked => {
      const { type, value: resource, path, text } = iocs[index] as (typeof iocs)[number];
      return {
        ...asked,
        type,
        resource,
        cached,
        skipped: skipped.map((each) => ({ ...each })),
        path: this.#pathOf(path),
        text,
      };
    };
    if (service && this.#def.emit === 'array') return this.#asArray(msg, iocs, { ...asked }, send, service);

    const output = service ? this.#output : 'payload';
    const copies = new MessageCopies(this.#RED, msg, output, iocs.length);
    const copy = (index: number, cached?: boolean): NodeMessage =>
      Object.assign(copies.at(index), { virustotal: about(index, cached) });
    if (!service) {
      iocs.forEach((ioc, index) => this.#request(copy(index), ioc, send));
      return;
    }
    const open: Promise<void>[] = [];
    iocs.forEach((ioc, index) => {
      const arrived = (found: Found): void => {
        const one = copy(index, found.cached);
        this.#put(one, this.#report(ioc, found));
        send(one);
      };
      const finding = this.#find(service, ioc, msg, msg, arrived);
      if (finding)
        open.push(
          finding.catch((error: unknown) => this.#failedOne(copies, index, about(index), error, send)),
        );
    });
    if (open.length > 0) return Promise.all(open).then(() => undefined);
  }

  /** One message with all reports, in the order of the indicators; what failed is an error report in its place. */
  async #asArray(
    msg: NodeMessage,
    iocs: readonly Indicator[],
    asked: Asked,
    send: Send,
    service: VirusTotalService,
  ): Promise<void> {
    const reports: unknown[] = new Array(iocs.length);
    asked.cached = true;
    await Promise.all(
      iocs.map(async (ioc, index) => {
        const arrived = (found: Found): void => {
          asked.cached &&= found.cached;
          reports[index] = this.#report(ioc, found);
        };
        try {
          await this.#find(service, ioc, msg, msg, arrived);
        } catch (error) {
          if (codeOf(error) === 'VT_CLOSED') throw error;
          asked.cached = false;
          reports[index] = this.#wrap(ioc, errorReport(ioc, error));
        }
      }),
    );
    Object.assign(msg, { virustotal: asked });
    this.#put(msg, reports);
    send(msg);
  }

  /** Calls `arrived` at once for what is cached, so that nothing on that way waits for a turn of the event loop. */
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
      this.#status.fromCache(cached.report);
      return arrived(cached);
    }
    this.#status.asked();
    return service.ask(indicator, { priority: priorityOf(priority), batch, owner: this }).then(
      (found) => {
        this.#status.answered(found.report);
        arrived(found);
      },
      (error: unknown) => {
        this.#status.lost(codeOf(error));
        throw error;
      },
    );
  }

  /** An indicator of a search that failed: its own copy of the message goes to a Catch node, the others go on. */
  #failedOne(copies: MessageCopies, index: number, asked: Asked, error: unknown, send: Send): void {
    if (!this.#reports(codeOf(error))) {
      this.#node.error(error, Object.assign(copies.asItCame(index), { virustotal: asked }));
      return;
    }
    const indicator = { type: asked.type as IocType, value: asked.resource ?? '' };
    const one = Object.assign(copies.at(index), { virustotal: asked });
    this.#put(one, this.#wrap(indicator, errorReport(indicator, error)));
    send(one);
  }

  /** Nothing to ask about: the message goes on without a report, so that a flow that waits for it goes on too. */
  #nothing(msg: NodeMessage, asked: Asked, send: Send): void {
    this.#status.nothing(asked.skipped.length > 0 ? 'status.skipped' : 'status.nothing');
    this.#put(msg, undefined);
    if (this.#action === 'search' && this.#def.emit !== 'array')
      Object.assign(msg, new MessageCopies(this.#RED, msg, this.#output, 1).at(0));
    send(Object.assign(msg, { virustotal: asked }));
  }

  #request(msg: NodeMessage, indicator: Indicator, send: Send): void {
    const { topic, payload } = dxlRequest(indicator);
    send(Object.assign(msg, { dxlTopic: topic, payload }));
  }

  #report(indicator: Indicator, { report, body }: Found): unknown {
    const own = copyJson(report);
    if (this.#def.raw === true) own.raw = JSON.parse(body.toString()) as unknown;
    return this.#wrap(indicator, own);
  }

  #wrap(indicator: Indicator, report: Report): unknown {
    if (this.#def.envelope !== true) return report;
    return { action: indicator.type, resource: indicator.value, response: report };
  }

  #put(msg: NodeMessage, value: unknown): void {
    this.#RED.util.setMessageProperty(msg, this.#output, value, true);
  }

  #sourceName(): string {
    const { source = 'payload', sourceType = 'msg' } = this.#def;
    return sourceType === 'jsonata'
      ? 'the result of the JSONata expression'
      : sourceType === 'str'
        ? 'the text'
        : `${sourceType}.${source}`;
  }

  /** Where an indicator stood, seen from the message or context. */
  #pathOf(path: string): string {
    const { source = 'payload', sourceType = 'msg' } = this.#def;
    if (sourceType === 'jsonata' || sourceType === 'str') return path;
    return path === '' || path.startsWith('[') ? source + path : `${source}.${path}`;
  }
}

function errorReport({ type, value }: { type: string; value: string }, thrown: unknown): Report {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const report = {
    type,
    resource: value,
    response_code: -1,
    verbose_msg: message,
    error: { code: codeOf(thrown), message },
  };
  return report as Report;
}

function codeOf(thrown: unknown): string {
  return thrown instanceof VirusTotalError ? thrown.code : 'VT_CONFIG';
}

function priorityOf(wish: unknown): number | undefined {
  const priority = typeof wish === 'string' && wish.trim() !== '' ? Number(wish) : wish;
  return typeof priority === 'number' && Number.isFinite(priority) ? priority : undefined;
}

/** For a message about a value that isn't an indicator. */
function shortText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}
