import { expect } from 'chai';
import type { VirusTotalError } from '../../src/errors';
import { DispatchLog } from '../../src/lookup/dispatch-log';
import { InFlightRequest } from '../../src/lookup/in-flight-request';
import { VirusTotalService } from '../../src/lookup/service';
import { PendingLookup } from '../../src/lookup/pending-lookup';
import { BacklogLimit } from '../../src/lookup/backlog-limit';
import { serve } from '../api/local-server';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';

/** A report with something nested so deep in it, which stands somewhere below the top. */
function bodyWith(apiVersion: 'v2' | 'v3', levels: number): string {
  const nested = '['.repeat(levels) + ']'.repeat(levels);
  return apiVersion === 'v2'
    ? `{"response_code":1,"verbose_msg":"","scans":{},"positives":1,"total":2,"extra":${nested}}`
    : `{"data":{"type":"domain","id":"a.com","attributes":{"last_analysis_stats":{"malicious":1},"last_dns_records":${nested}}}}`;
}

for (const apiVersion of ['v2', 'v3'] as const) {
  describe(`An answer of API ${apiVersion} that is nested`, () => {
    const lookUp = async (levels: number): Promise<string[]> => {
      const server = await serve((_request, response) => response.end(bodyWith(apiVersion, levels)));
      const service = new VirusTotalService({
        apiKey: freshKey(),
        apiVersion,
        apiUrl: server.origin,
        rateLimit: false,
      });
      const three = [1, 2, 3].map(() =>
        service.get({ type: 'domain', value: 'a.com' }, { refresh: true }).then(
          () => 'report',
          (error: VirusTotalError) => `${error.code} ${error.message}`,
        ),
      );
      try {
        return await Promise.all(three);
      } finally {
        await service.close();
        await server.close();
      }
    };

    it('accepts an answer nested as deep as allowed for every lookup of it', async () => {
      expect(await lookUp(190)).to.deep.equal(['report', 'report', 'report']);
    });

    for (const levels of [201, 5_000, 100_000]) {
      it(`rejects ${levels} levels of nesting with VT_BAD_RESPONSE for every lookup of it`, async () => {
        for (const fate of await lookUp(levels))
          expect(fate).to.match(/^VT_BAD_RESPONSE .*nested deeper than 200 levels/);
      });
    }
  });
}

describe('Several lookups of one answer that cannot be copied', () => {
  it('each end with the error', async () => {
    const over = () => undefined;
    const copy = (answer: number): number => {
      if (copies++ === 0) throw new RangeError('Maximum call stack size exceeded');
      return answer;
    };
    let copies = 0;
    const flight = new InFlightRequest<number>(
      {
        key: 'a',
        indicator: { type: 'domain', value: 'a.example.com' },
        of: () => ({ path: 'a', read: () => 7 }),
        shared: () => undefined,
        copy,
      },
      { priority: 5, batch: {} },
      {
        backend: { api: { send: () => Promise.resolve({ answer: 7 }) } as never, reports: undefined },
        onQuota: 'fail',
        backlog: { started: over, ended: over },
        onSettled: over,
      },
    );
    const told: (number | string)[] = [];
    const room = new BacklogLimit(10);
    for (let i = 0; i < 3; i++)
      flight.lookups.add(
        new PendingLookup<number>(
          room,
          { owner: undefined, batch: {} },
          {
            answered: (_index, answer) => told.push(answer),
            failed: (_index, error) => told.push(error.code),
          },
          i,
        ),
      );
    await flight.attempt(new DispatchLog().add());
    await new Promise(setImmediate);
    expect(told).to.deep.equal([7, 'VT_BAD_RESPONSE', 7]);
    expect(room.lookups).to.equal(0);
  });
});
