import helper from 'node-red-node-test-helper';
import type { ServiceStats } from '../../src/lookup/service';
import { deployFlow, undeploy, type Flow, type FlowOptions } from './flow';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { StandIn } from '../../tools/fake-virustotal/stand-in';

/** What each test has to itself. */
export interface Fixture {
  vt: StandIn;
  apiKey: string;
  deploy(options?: FlowOptions, api?: 'v2' | 'v3'): Promise<Flow>;
  /** Ends the flow, to deploy another one within a test. */
  undeploy(): Promise<void>;
  /** Resolves as soon as VirusTotal was asked that often for reports. */
  askedTimes(count: number): Promise<void>;
  /** How a config is doing, as its dialog is told. */
  state(id?: string): Promise<ServiceStats>;
  /** The indicators that VirusTotal was asked for, in order; questions for the quota, which cost nothing, aside. */
  asked(): string[];
}

/** Gives each test of the suite a stand-in and a key of its own, and ends what it deployed. */
export function withStandIn(): Fixture {
  let arrived = (): void => undefined;
  const fixture: Fixture = {
    vt: undefined as unknown as StandIn,
    apiKey: '',
    deploy: ({ config = {}, ...options } = {}, api = 'v3') =>
      deployFlow(fixture.vt.url(api), {
        apiKey: fixture.apiKey,
        config: config && { apiVersion: api, ...config },
        ...options,
      }),
    undeploy,
    askedTimes: (count) =>
      new Promise((resolve) => {
        arrived = () => {
          if (fixture.asked().length >= count) resolve();
        };
        arrived();
      }),
    state: async (id = 'vt') => (await helper.request().get(`/virustotal/state/${id}`)).body as ServiceStats,
    asked: () =>
      fixture.vt.requests.filter(({ path }) => !path.includes('/users/')).map(({ indicator }) => indicator),
  };
  beforeEach(async () => {
    fixture.apiKey = freshKey();
    const before = (): boolean => {
      // The request is noted right after this.
      queueMicrotask(() => arrived());
      return false;
    };
    fixture.vt = await new StandIn({ apiKey: fixture.apiKey, before }).listen();
  });
  afterEach(async () => {
    await undeploy();
    await fixture.vt.close();
  });
  return fixture;
}
