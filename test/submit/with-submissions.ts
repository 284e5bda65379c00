import type { HostOptions } from '../../src/lookup/options';
import { VirusTotalService } from '../../src/lookup/service';
import type { SubmitStage } from '../../src/submit/stage';
import type { SubmitOptions } from '../../src/submit/options';
import { startSubmission, type Submission } from '../../src/submit/submission';
import { fileTarget } from '../../src/submit/file-target';
import type { FileTarget, SubmitTarget } from '../../src/submit/target';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { StandIn } from '../../tools/fake-virustotal/stand-in';

/** What each test has to itself: a stand-in that knows nothing, and services whose waits of minutes take milliseconds. */
export interface SubmissionFixture {
  vt: StandIn;
  service(options?: Partial<HostOptions>): VirusTotalService;
  submit(target: SubmitTarget, options?: SubmitOptions): Submission;
  /** The requests, as `POST files`. */
  asked(): string[];
  /** How often VirusTotal has taken something: a submission or a rescan. */
  taken(): number;
}

export function withSubmissions(): SubmissionFixture {
  let apiKey = '';
  let own: VirusTotalService | undefined;
  const services: VirusTotalService[] = [];
  const fixture: SubmissionFixture = {
    vt: undefined as unknown as StandIn,
    service(options) {
      const service = new VirusTotalService({
        apiKey,
        apiUrl: fixture.vt.url('v3'),
        rateLimit: false,
        dailyQuota: 0,
        monthlyQuota: 0,
        timeScale: 0.0005,
        ...options,
      });
      services.push(service);
      return service;
    },
    submit: (target, options) => startSubmission((own ??= fixture.service()), target, options),
    asked: () =>
      fixture.vt.requests
        .filter(({ path }) => !path.includes('/users/'))
        .map(({ method, path }) => `${method} ${kindOf(path)}`),
    taken: () => fixture.vt.submissions.filter(({ taken }) => taken).length,
  };
  beforeEach(async () => {
    apiKey = freshKey();
    own = undefined;
    fixture.vt = await new StandIn({ apiKey, unlisted: 'unknown' }).listen();
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
    await fixture.vt.close();
  });
  return fixture;
}

/** A path without the ids in it: `files/{id}/analyse` has an asterisk for its id. */
function kindOf(path: string): string {
  const [collection = '', id, part] = (path.split('/api/v3/').at(-1) ?? '')
    .replace(/^\/_ah\/.*/, 'upload')
    .split('/');
  return [collection, id === undefined || id === 'upload_url' ? id : '*', part]
    .filter((step) => step !== undefined)
    .join('/');
}

export function bytesFile(text: string, name?: string): Promise<FileTarget> {
  return fileTarget({ bytes: Buffer.from(text) }, { name });
}

/** The stages by name, each once in a row. */
export function stagesOf(stages: SubmitStage[]): string[] {
  return stages.map(({ stage }) => stage).filter((stage, at, all) => stage !== all[at - 1]);
}
