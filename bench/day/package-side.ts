import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pack, unpack, type SnapshotOwner } from '../../src/lookup/cache-snapshot';
import { KeyRegistry } from '../../src/lookup/key-registry';
import { ReportCache } from '../../src/lookup/report-cache';
import { VirusTotalService } from '../../src/lookup/service';
import { extractIocs } from '../../src/ioc/extract';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import type { Setting, Side, SideKind } from './side';

interface Ioc {
  type: 'file' | 'url' | 'ip' | 'domain';
  value: string;
}

/** What is used of the package, of today or of another commit. */
interface Service {
  lookup(indicator: Ioc): Promise<unknown>;
  close(): Promise<void>;
}

interface Library {
  extractIocs(payload: unknown): { iocs: Ioc[] };
  VirusTotalService: new (options: Record<string, unknown>) => Service;
}

const DOES =
  'extractIocs and VirusTotalService, as the VirusTotal node uses them; a deploy hands over what waits';

abstract class PackageSide implements Side {
  readonly #setting: Setting;
  readonly #find: Library['extractIocs'];
  #service: Service | undefined;
  readonly apiKey = freshKey();

  constructor(setting: Setting, find: Library['extractIocs']) {
    this.#setting = setting;
    this.#find = find;
  }

  protected abstract openService(): Service;
  /** What the next process has of this one. */
  protected abstract beforeRestart(): Promise<void>;

  protected get options(): Record<string, unknown> & { cacheTtl: number } {
    const { vt, intervalMs, keptSeconds } = this.#setting;
    const cacheTtl = keptSeconds;
    return { apiKey: this.apiKey, dispatcher: vt, rateLimitMs: intervalMs, cacheTtl };
  }

  receive(alert: number, payload: unknown): void {
    const service = (this.#service ??= this.openService());
    for (const ioc of this.#find(payload).iocs)
      service.lookup(ioc).then(
        () => this.#setting.judged(alert, ioc.value),
        () => undefined,
      );
  }

  redeploy(): void {}

  async restart(): Promise<void> {
    await this.beforeRestart();
    await this.close();
    this.#service = undefined;
  }

  async close(): Promise<void> {
    await this.#service?.close();
  }
}

class Today extends PackageSide {
  #reports: ReportCache | undefined;
  /** Counts and pace outlive a restart, too. */
  #keyRegistry: KeyRegistry | undefined;

  protected openService(): Service {
    const { cacheTtl, ...options } = this.options;
    this.#reports ??= new ReportCache({ size: 500, ttl: cacheTtl, ttlUnknown: 300 });
    this.#keyRegistry ??= new KeyRegistry();
    const kept = { reports: this.#reports, keyRegistry: this.#keyRegistry };
    return new VirusTotalService({ ...options, ...kept, cacheTtl, apiKey: this.apiKey });
  }

  /** As the file of the cache: see nodes/cache-file.ts. */
  protected async beforeRestart(): Promise<void> {
    const owner: SnapshotOwner = { apiKey: this.apiKey, apiVersion: 'v3', settings: '' };
    const chunks: Buffer[] = [];
    const before = this.#reports;
    this.#reports = new ReportCache({ size: 500, ttl: this.options.cacheTtl, ttlUnknown: 300 });
    if (!before) return;
    for await (const chunk of pack(before.dump(), owner)) chunks.push(chunk);
    const kept = await unpack(Buffer.concat(chunks), owner);
    if (typeof kept !== 'string') this.#reports.load(kept);
  }
}

export const today: SideKind = {
  name: 'this package',
  does: `${DOES}; a restart loads the cache again`,
  open: (setting) => new Today(setting, extractIocs),
};

/** With the cache time that a new instance has. */
export const todayByDefault: SideKind = {
  name: 'the same, cache time 1 h',
  does: 'this package as it is installed: it keeps a report for an hour, whatever the others do',
  open: (setting) => new Today({ ...setting, keptSeconds: 3600 }, extractIocs),
};

/** The package in another checkout, which has been built. */
export function packageAt(path: string): SideKind {
  const library = createRequire(__filename)(join(path, 'dist/src/index.js')) as Library;
  class Other extends PackageSide {
    protected openService(): Service {
      return new library.VirusTotalService(this.options);
    }

    protected beforeRestart(): Promise<void> {
      return Promise.resolve();
    }
  }
  return {
    name: '(c) the other checkout',
    does: `${DOES}; a restart begins with an empty cache`,
    open: (setting) => new Other(setting, (payload) => library.extractIocs(payload)),
  };
}
