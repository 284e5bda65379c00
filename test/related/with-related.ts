import type { Indicator } from '../../src/ioc/ioc';
import { VirusTotalService } from '../../src/lookup/service';
import { readAnswer } from '../../src/related/answer';
import { askRelations, type Cost } from '../../src/related/ask';
import { chosenRelations } from '../../src/related/chosen-relations';
import { collect, type Collected } from '../../src/related/collect';
import { RelationPlan } from '../../src/related/plan';
import { pathOf } from '../../src/related/question';
import { SeenIndicators } from '../../src/related/trail';
import type { Refusals, Unanswered } from '../../src/related/unanswered';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { StandIn, type StandInOptions } from '../../tools/fake-virustotal/stand-in';

/** What came of the relations of one indicator. */
export interface Asked extends Collected, Cost {
  unanswered: Unanswered[];
  /** What ends the message when nothing was answered. */
  error: { code: string } | undefined;
}

interface Related {
  vt: StandIn;
  apiKey: string;
  /** What the key was refused in this test. */
  refused: Refusals;
  start: (options?: StandInOptions) => Promise<void>;
  /** The relations with these names, as `contacted_ips,votes`. */
  ask: (
    indicator: Indicator,
    names: string,
    options?: { limit?: number; maxRequests?: number; seen?: SeenIndicators },
  ) => Promise<Asked>;
  /** What VirusTotal was asked, without the base of the API. */
  paths: () => string[];
}

/** Asks the stand-in for relations, as the related node does. */
export function withRelated(): Related {
  let service: VirusTotalService;
  const related: Related = {
    vt: undefined as unknown as StandIn,
    apiKey: '',
    refused: new Map(),
    async start(options) {
      related.vt = await new StandIn({ apiKey: related.apiKey, unlisted: 'clean', ...options }).listen();
      service = new VirusTotalService({
        apiKey: related.apiKey,
        apiUrl: related.vt.url('v3'),
        rateLimit: false,
        dailyQuota: 0,
        monthlyQuota: 0,
      });
    },
    async ask(indicator, names, { limit = 10, maxRequests = 3, seen = new SeenIndicators(undefined) } = {}) {
      const chosen = chosenRelations(names)[indicator.type];
      const plan = new RelationPlan(indicator, chosen, { limit, refused: related.refused });
      const cost: Cost = { requests: 0, cached: false };
      await askRelations(plan, {
        maxRequests,
        cost,
        query: (question) =>
          service.query({
            indicator,
            path: pathOf(question),
            read: (body) => readAnswer(question, indicator, body),
          }),
      });
      const { error, results, unanswered } = plan;
      return { ...collect(indicator, results, { filter: service.filter, seen }), ...cost, error, unanswered };
    },
    paths: () =>
      related.vt.requests
        .map(({ path }) => path.split('/api/v3/')[1] ?? '')
        .filter((path) => !path.startsWith('users/')),
  };
  beforeEach(() => {
    related.apiKey = freshKey();
    related.refused = new Map();
  });
  afterEach(async () => {
    await service.close();
    await related.vt.close();
  });
  return related;
}
