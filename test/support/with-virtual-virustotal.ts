import type { Indicator } from '../../src/ioc/ioc';
import type { LookupOptions } from '../../src/lookup/request-coalescer';
import type { HostOptions } from '../../src/lookup/options';
import { VirusTotalService, type LookupResult } from '../../src/lookup/service';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { pass, startVirtualClock, type VirtualClock } from './virtual-clock';
import { VirtualVirusTotal } from './virtual-virustotal';

/** A lookup and what has become of it so far. */
export interface Tracked {
  found?: LookupResult;
  error?: Error & { code?: string };
  /** Milliseconds of the monotonic clock at which it ended. */
  endedAt?: number;
}

/** What each test has to itself: a clock, a VirusTotal behind it, and services that are closed at the end. */
export interface VirtualFixture {
  clock: VirtualClock;
  vt: VirtualVirusTotal;
  apiKey: string;
  /** Without a rate limit unless it is given one. */
  service(options?: Partial<HostOptions>): VirusTotalService;
  pass(ms: number): Promise<void>;
}

export function withVirtualVirusTotal(): VirtualFixture {
  const services: VirusTotalService[] = [];
  const fixture: VirtualFixture = {
    clock: undefined as unknown as VirtualClock,
    vt: undefined as unknown as VirtualVirusTotal,
    apiKey: '',
    service(options) {
      const { apiKey, vt } = fixture;
      const service = new VirusTotalService({ apiKey, dispatcher: vt, rateLimit: false, ...options });
      services.push(service);
      return service;
    },
    pass: (ms) => pass(fixture.clock, ms),
  };
  beforeEach(() => {
    fixture.clock = startVirtualClock();
    fixture.apiKey = freshKey();
    fixture.vt = new VirtualVirusTotal(fixture.apiKey);
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
    fixture.clock.uninstall();
  });
  return fixture;
}

export function domain(value: string): Indicator {
  return { type: 'domain', value };
}

/** Asks for a domain, or another indicator, and keeps what becomes of it. */
export function lookUp(
  service: VirusTotalService,
  what: string | Indicator,
  options?: LookupOptions,
): Tracked {
  const tracked: Tracked = {};
  service.get(typeof what === 'string' ? domain(what) : what, options).then(
    (found) => Object.assign(tracked, { found, endedAt: performance.now() }),
    (error: Error) => Object.assign(tracked, { error, endedAt: performance.now() }),
  );
  return tracked;
}

/** `waiting`, `report`, or the code of the error. */
export function fate({ found, error }: Tracked): string {
  return error ? (error.code ?? error.message) : found ? 'report' : 'waiting';
}
