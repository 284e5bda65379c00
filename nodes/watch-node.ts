import type { Node, NodeAPI } from 'node-red';
import type { VirusTotalError } from '../src/errors';
import { oneLine } from '../src/errors';
import { isObject } from '../src/report/narrow';
import { inBackground } from '../src/in-background';
import { LAST_PRIORITY } from '../src/lookup/priority';
import type { VirusTotalService } from '../src/lookup/service';
import type { Report } from '../src/report/report';
import { renderSummary } from '../src/summary/render';
import { askForRescan } from '../src/submit/rescan';
import { Digest, lastEntries } from '../src/watch/digest';
import { IocStream } from '../src/watch/ioc-stream';
import type { Allowance } from '../src/watch/pace';
import { isReported } from '../src/watch/report-rule';
import type { StreamNotification } from '../src/watch/stream-page';
import { StreamRequest } from '../src/watch/stream-request';
import { WatchList } from '../src/watch/watch-list';
import type { DigestEntry, JudgedNotification, StoredWatch, VerdictChange } from '../src/watch/watched';
import { Watcher } from '../src/watch/watcher';
import { deployedService, fileRootsOf, serviceOf } from './config-node';
import { HandOver } from './hand-over';
import type { Inbox } from './inbox';
import { readLocalText } from './local-file';
import { NodeEvents } from './node-events';
import { onInput, type MessageHandler } from './on-input';
import type { Received } from './received';
import { rejectAllMessages } from './reject-all';
import { obey, problemOf, readAllowed } from './watch-command';
import { readWatchSetup, type WatchDef, type WatchSetup } from './watch-setup';
import { WatchStatus } from './watch-status';
import { WatchStore } from './watch-store';

/** The file is read again this often: it may have changed. */
const FILE_INTERVAL_MS = 60_000;
const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** A timer takes no longer time; nor does a clock that was set delay the digest for longer. */
const MAX_TIMER_MS = 3_600_000;

/** Sets up a watch node that has just been created. */
export function openWatch(RED: NodeAPI, node: Node, def: WatchDef): void {
  const inbox = HandOver.of(RED).open(node);
  let setup: WatchSetup;
  try {
    setup = readWatchSetup(RED, def);
  } catch (problem) {
    rejectAllMessages(inbox, problem as VirusTotalError);
    return;
  }
  const watch = new WatchNode(RED, inbox, { ...setup, server: def.server });
  onInput(inbox, watch);
  node.on('close', (done: () => void) => {
    inBackground(watch.close().finally(done));
  });
}

/** A watch node that is deployed: looks its list up, and sends what has changed. */
class WatchNode implements MessageHandler {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  readonly #setup: WatchSetup;
  readonly #server: string | undefined;
  readonly #store: WatchStore;
  readonly #status: WatchStatus;
  readonly #ready: Promise<void>;
  readonly #events: NodeEvents;
  /** What was warned of last: the same is not logged with each try. */
  #warned = '';
  #list: WatchList;
  #stream: IocStream | undefined;
  #watcher: Watcher;
  #digest: Digest | undefined;
  #digestTimer: NodeJS.Timeout | undefined;
  #fileTimer: NodeJS.Timeout | undefined;
  #fileText: string | undefined;
  #fileProblem: VirusTotalError | undefined;
  #isLoaded = false;
  #isClosed = false;

  constructor(RED: NodeAPI, inbox: Inbox, setup: WatchSetup & { server: string | undefined }) {
    const { node } = inbox;
    this.#RED = RED;
    this.#node = node;
    this.#setup = setup;
    this.#server = setup.server;
    this.#events = new NodeEvents(RED, node, setup.server);
    this.#list = new WatchList(undefined, setup.watcher.everyMs);
    this.#watcher = this.#newWatcher();
    this.#store = new WatchStore(inbox, RED.settings, () => this.#stored);
    this.#status = new WatchStatus(node, () => ({
      ...this.#watcher.state,
      watched: this.#list.size,
      changed: this.#list.changedSince(Date.now() - setup.watcher.everyMs),
      stream: this.#stream && { behindAt: this.#stream.behindAt },
      isPersistent: this.#store.isPersistent,
      problem: this.#configProblem ?? this.#fileProblem ?? this.#stream?.problem,
    }));
    if (!this.#store.isPersistent)
      node.log(
        'The watch list is kept in memory: after a restart each indicator gets a new baseline. A persistent context store keeps it',
      );
    this.#ready = this.#open();
    inBackground(this.#ready);
  }

  async receive({ msg, send }: Received): Promise<void> {
    await this.#ready;
    const { listed, checksAll, problem } = obey(msg, this.#list, this.#service()?.filter);
    if (checksAll) this.#stream?.ask();
    this.#updated();
    this.#watcher.poke();
    if (listed) send(Object.assign(msg, { payload: listed }));
    if (problem) throw problem;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watcher.stop();
    this.#status.close();
    clearTimeout(this.#digestTimer);
    clearTimeout(this.#fileTimer);
    // What was not read yet must not be overwritten.
    if (this.#isLoaded) await this.#store.save();
  }

  async #open(): Promise<void> {
    const { digest, list, stream, watcher } = this.#setup;
    const stored = await this.#store.load();
    await HandOver.of(this.#RED).whenRunning();
    if (this.#isClosed) return;
    this.#list = new WatchList(stored, watcher.everyMs);
    if (stream !== '') this.#stream = new IocStream(isObject(stored) ? stored.stream : undefined, stream);
    if (digest) this.#digest = new Digest(stored, digest.at);
    this.#isLoaded = true;
    this.#take('list', list);
    if (this.#setup.file === '') this.#list.setSource('file', []);
    else await this.#readFile();
    if (this.#isClosed) return;
    this.#watcher = this.#newWatcher();
    this.#watcher.start();
    this.#sendDigest();
    this.#updated();
  }

  #newWatcher(): Watcher {
    const sources = { list: this.#list, stream: this.#stream };
    return new Watcher(sources, this.#setup.watcher, {
      allowance: () => this.#allowance(),
      lookUp: async (indicator, signal) => {
        const service = serviceOf(this.#RED, this.#server);
        // The allow list may be another than when the indicator was added.
        const sendable = service.filter.sendable(indicator);
        const options = { priority: LAST_PRIORITY, refresh: true, signal, owner: this };
        return (await service.get(sendable, options)).report;
      },
      rescan: async (indicator, signal) =>
        askForRescan(serviceOf(this.#RED, this.#server), indicator, {
          ...{ priority: LAST_PRIORITY, signal, owner: this },
          beforeSend: () => this.#events.submitted('rescan', indicator),
        }),
      readStream: async (query, signal) =>
        serviceOf(this.#RED, this.#server).fetch(new StreamRequest(query), {
          ...{ priority: LAST_PRIORITY, signal, owner: this },
        }),
      notified: (notifications) => this.#notified(notifications),
      warned: (error) => this.#warn(error),
      judge: (report) => this.#setup.analyzer.analyze(report),
      changed: (change, report) => this.#changed(change, report),
      updated: () => this.#updated(),
    });
  }

  #allowance(): Allowance | undefined {
    const service = this.#service();
    if (!service) return undefined;
    const { quota, reserve, problem, nextStartMs } = service.stats();
    return {
      daily: quota.day.allowed,
      monthly: quota.month.allowed,
      usedToday: quota.day.used,
      reserved: reserve?.lookups ?? 0,
      intervalMs: service.averageIntervalMs,
      blockedMs: problem ? nextStartMs : 0,
    };
  }

  #changed(change: VerdictChange, report: Report): void {
    if (!isReported(this.#setup.rule, change)) return;
    if (this.#digest) {
      this.#digest.add(change, Date.now());
      return this.#sendDigest();
    }
    const { indicator, analysis, previous } = change;
    const { type, value: resource } = indicator;
    this.#node.send({
      ...{ topic: resource, payload: report, analysis, previous },
      virustotal: { action: 'watch', type, resource, found: 1, cached: false, skipped: [] },
    });
    inBackground(this.#store.save());
  }

  #notified(notifications: readonly StreamNotification[]): void {
    for (const { indicator, report, about: notification } of notifications) {
      const analysis = this.#setup.analyzer.analyze(report);
      if (this.#digest) {
        this.#digest.add({ indicator, analysis, notification }, Date.now());
        continue;
      }
      const { type, value: resource } = indicator;
      this.#node.send({
        ...{ topic: resource, payload: report, analysis, notification },
        virustotal: { action: 'stream', type, resource, found: 1, cached: false, skipped: [] },
      });
    }
    if (this.#digest) this.#sendDigest();
    inBackground(this.#store.save());
  }

  #warn(error: VirusTotalError): void {
    if (error.message === this.#warned) return;
    this.#warned = error.message;
    this.#node.warn(error.message);
  }

  /** When it is time, or sets the timer until then. */
  #sendDigest(): void {
    const digest = this.#digest;
    clearTimeout(this.#digestTimer);
    if (!digest || this.#isClosed) return;
    const waitMs = digest.dueAt - Date.now();
    if (waitMs > 0) {
      if (waitMs < Infinity)
        this.#digestTimer = setTimeout(() => this.#sendDigest(), Math.min(waitMs, MAX_TIMER_MS)).unref();
      return;
    }
    const entries = digest.take();
    const changes = entries.filter(isChange);
    const notifications = entries.filter(isNotification);
    const analyses = lastEntries(entries).map(({ analysis }) => analysis);
    const { payload, incident } = renderSummary(analyses, this.#setup.digest?.rendering);
    this.#node.send({
      ...{ topic: 'digest', payload, incident, analyses, changes },
      ...(this.#stream ? { notifications } : {}),
    });
    inBackground(this.#store.save());
  }

  #updated(): void {
    if (!this.#isLoaded || this.#isClosed) return;
    this.#store.saveSoon();
    this.#status.changed();
  }

  #take(source: 'list' | 'file', lines: string): void {
    const { allowed, refused } = readAllowed(lines, this.#service()?.filter);
    const full = this.#list.setSource(source, allowed);
    const problems = [...refused, ...full.map(({ value }) => `${value} (the list is full)`)];
    if (problems.length > 0) this.#node.warn(problemOf(problems).message);
  }

  /** The list stays as it was when the file can't be read. */
  async #readFile(): Promise<void> {
    try {
      const text = await readLocalText(
        this.#setup.file,
        fileRootsOf(this.#RED, this.#server),
        MAX_FILE_BYTES,
      );
      this.#fileProblem = undefined;
      if (this.#isClosed || text === this.#fileText) return;
      this.#fileText = text;
      this.#take('file', text);
      this.#watcher.poke();
    } catch (thrown) {
      const error = thrown as VirusTotalError;
      if (error.message !== this.#fileProblem?.message)
        this.#node.warn(oneLine(`The file of the watch list is not used: ${error.message}`));
      this.#fileProblem = error;
    } finally {
      if (!this.#isClosed) {
        this.#updated();
        this.#fileTimer = setTimeout(() => inBackground(this.#readFile()), FILE_INTERVAL_MS).unref();
      }
    }
  }

  get #stored(): StoredWatch {
    return {
      ...this.#list.stored,
      digest: this.#digest?.stored ?? { since: 0, changes: [] },
      stream: this.#stream?.stored,
    };
  }

  /** Why nothing can be looked up. The list can be changed all the same. */
  get #configProblem(): Error | undefined {
    try {
      serviceOf(this.#RED, this.#server);
      return undefined;
    } catch (problem) {
      return problem as VirusTotalError;
    }
  }

  #service(): VirusTotalService | undefined {
    return deployedService(this.#RED, this.#server);
  }
}

function isChange(entry: DigestEntry): entry is VerdictChange {
  return 'previous' in entry;
}

function isNotification(entry: DigestEntry): entry is JudgedNotification {
  return 'notification' in entry;
}
