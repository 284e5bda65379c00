import type { NodeMessage } from 'node-red';
import { VirusTotalError } from '../src/errors';
import { hashBytes } from '../src/ioc/bytes-hash';
import type { Extraction } from '../src/ioc/extract';
import type { FoundIoc, IocType } from '../src/ioc/ioc';
import type { IndicatorFilter } from '../src/ioc/indicator-filter';
import { bytesOf } from '../src/mail/bytes-of';
import { withoutOrigin } from '../src/related/without-origin';
import { fileIn, fileNameOf, HashedFile, isTextOfHash, type FileBytes } from './file-input';
import type { LookupMetadata } from './lookup-metadata';
import type { LookupStatus } from './lookup-status';
import { asError } from './lookups';
import type { NodeEvents } from './node-events';
import { mailOfMessage, pathInMailMessage } from './mail-message';
import { USUAL_PLACE } from './missing-report';
import type { Outgoing } from './outgoing';
import type { Received } from './received';
import { listSkipped } from './skipped';
import type { SourceDef } from './source';

/** What the lookups of all messages of a node have in common. */
export interface LookupSetup {
  readonly action: 'search' | IocType;
  readonly searchOptions: { hosts: boolean; mailDomains: boolean };
  /** Where the indicators come from. */
  readonly source: SourceDef;
  /** The same, as a person names it. */
  readonly sourceName: string;
  readonly out: Outgoing;
  readonly status: LookupStatus;
  readonly events: NodeEvents;
}

/**
 * What a VirusTotal node does with one message: finds the indicators in it, asks for them in one of several ways, and ends with messages that
 * go out, or with an error.
 */
export abstract class MessageLookup {
  readonly received: Received;
  readonly out: Outgoing;
  /** Becomes `msg.virustotal`. */
  readonly metadata: LookupMetadata;
  readonly #setup: LookupSetup;
  /** By which the indicators were found. */
  #filter: IndicatorFilter | undefined;
  #isMailMessage = false;

  constructor(setup: LookupSetup, received: Received) {
    this.received = received;
    this.out = setup.out;
    this.#setup = setup;
    this.metadata = { action: setup.action, found: 0, cached: false, skipped: [] };
    if (setup.action !== 'search') this.metadata.type = setup.action;
  }

  get msg(): NodeMessage {
    return this.received.msg;
  }

  /**
   * The indicators in a value, and what of it is not sent: a promise for a large one.
   * @throws VirusTotalError `VT_INVALID_IOC`, or `VT_CONFIG` when there is no service to ask
   */
  find(value: unknown): Extraction | Promise<Extraction> {
    const { action, searchOptions, source, sourceName } = this.#setup;
    const filter = (this.#filter = this.filter());
    if (value instanceof HashedFile && (action === 'file' || action === 'search'))
      return this.#hashed(filter, value.sha256, value.name);
    if (action === 'file') {
      const file = fileIn(value, this.msg, sourceName);
      if (file !== undefined) return this.#hash(filter, file);
    }
    if (action !== 'search') return this.#validate(filter, action, value);
    const mail = mailOfMessage(this.msg, source);
    this.#isMailMessage = mail !== undefined;
    if (mail !== undefined) return filter.extract(mail, searchOptions);
    if (value === undefined || value === null || value === '')
      throw new VirusTotalError(
        'VT_INVALID_IOC',
        `Nothing to search: ${sourceName} is ${value === '' ? 'empty' : 'missing'}`,
      );
    const bytes = bytesOf(value);
    if (bytes === undefined) return filter.extract(withoutOrigin(value), searchOptions);
    const found = filter.extract(bytes, searchOptions);
    return found instanceof Promise
      ? found.then((all) => this.#named(all, bytes))
      : this.#named(found, bytes);
  }

  /** Where an indicator stood, seen from the message or context. */
  pathOf(path: string): string {
    return this.#isMailMessage ? pathInMailMessage(path) : this.out.pathOf(path);
  }

  /** Asks for what was found. */
  abstract ask(found: Extraction): void | Promise<void>;

  /**
   * As `find` and `ask`, for what takes a while: a deploy may come meanwhile.
   * @param value the value or a promise of it
   * @param search a search in it that has begun
   */
  async askLater(value: unknown, search?: Promise<Extraction>): Promise<void> {
    const ready: unknown = await value;
    for (let found = await search; ; found = await this.find(ready)) {
      await this.received.whenRunning();
      // No node has the message any more.
      if (this.received.ended) return;
      // If a deploy has changed what may be sent, the value is searched again.
      if (found && this.filter() === this.#filter) return this.ask(found);
    }
  }

  /**
   * A failure of the whole message: it goes on as a report that says so.
   * @throws VirusTotalError where it goes to a Catch node
   */
  failed(thrown: unknown): void {
    const error = asError(thrown);
    const { out, msg, metadata } = this;
    this.#setup.status.messageFailed(error);
    this.#setup.events.failed(error, metadata);
    out.addMetadata(msg, metadata);
    if (!out.sendsErrorReports(error) || out.output.placementError(msg)) throw error;
    const single = out.asPartOfOne(msg, metadata);
    out.output.put(single, out.output.failure(metadata, error));
    this.received.send(single);
  }

  /** What may be sent, by the config that would be asked now. @throws VirusTotalError `VT_CONFIG` */
  protected abstract filter(): IndicatorFilter;

  /**
   * Notes what was found. A message with nothing to ask about goes on without a report, so that a flow that waits for it goes on too.
   * @returns what there is to ask about
   */
  protected take({ iocs, skipped }: Extraction): readonly FoundIoc[] {
    const { metadata, out, msg } = this;
    metadata.found = iocs.length;
    if (skipped.length > 0) {
      Object.assign(metadata, listSkipped(skipped));
      this.#setup.events.skipped(skipped);
    }
    if (iocs.length === 0) this.#sendWithoutReport();
    else if (this.isSingle) out.addMetadata(msg, metadata);
    return iocs;
  }

  /** The message is about one indicator: it isn't a search. */
  protected get isSingle(): boolean {
    return this.#setup.action !== 'search';
  }

  #hash(filter: IndicatorFilter, { bytes, name }: FileBytes): Extraction | Promise<Extraction> {
    const sha256 = hashBytes(bytes);
    return typeof sha256 === 'string'
      ? this.#hashed(filter, sha256, name)
      : sha256.then((hash) => this.#hashed(filter, hash, name));
  }

  /** The file as a whole, whatever is in it. */
  #hashed(filter: IndicatorFilter, sha256: string, name: string | undefined): Extraction {
    const { metadata } = this;
    const file = { hashes: { sha256 }, ...(name === undefined ? {} : { name }) };
    if (this.isSingle) Object.assign(metadata, { resource: sha256 }, file);
    const checked = filter.validate('file', sha256);
    if ('skipped' in checked) return { iocs: [], skipped: [checked.skipped] };
    return { iocs: [{ type: 'file', value: sha256, text: sha256, path: '', ...file }], skipped: [] };
  }

  /** Bytes that are the value itself, and no text, are called what the message calls them. */
  #named(found: Extraction, bytes: Uint8Array): Extraction {
    const name = fileNameOf(this.msg);
    const [only, another] = found.iocs;
    const isFile =
      only?.type === 'file' && only.path === '' && only.text === only.value && !isTextOfHash(bytes);
    if (name !== undefined && isFile && another === undefined) only.name ??= name;
    return found;
  }

  #validate(filter: IndicatorFilter, type: IocType, value: unknown): Extraction {
    const { metadata } = this;
    metadata.resource = shortText(value);
    try {
      const checked = filter.validate(type, value);
      if ('skipped' in checked) {
        metadata.type = checked.skipped.type;
        metadata.resource = checked.skipped.value;
        return { iocs: [], skipped: [checked.skipped] };
      }
      const { type: kind, value: found } = checked.indicator;
      metadata.type = kind;
      metadata.resource = found;
      if (checked.wrapper !== undefined) metadata.wrapper = checked.wrapper;
      // Written out: to spread the indicator would take a third of a lookup that is answered from the cache.
      return { iocs: [{ type: kind, value: found, text: found, path: '' }], skipped: [] };
    } catch (error) {
      // What is no text can't be quoted in the reason: it says where it came from.
      if (metadata.resource.trim() !== '') throw error;
      const text = asError(error).message.replace(': ', `: ${this.#setup.sourceName} is `);
      throw new VirusTotalError('VT_INVALID_IOC', text);
    }
  }

  #sendWithoutReport(): void {
    const { metadata, out } = this;
    const { sourceName, status } = this.#setup;
    const isSkipped = metadata.skipped.length > 0;
    if (!isSkipped && sourceName !== USUAL_PLACE) metadata.source = sourceName;
    status.noLookup(isSkipped ? 'skipped' : 'nothing');
    const single = out.addMetadata(out.asPartOfOne(this.msg, metadata), metadata);
    out.output.clear(single);
    this.received.send(single);
  }
}

/** For a message about a value that isn't an indicator. */
function shortText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}
