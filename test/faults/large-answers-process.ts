// Many large answers at once in a process of its own, see large-answers.test.ts.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { VirusTotalService } from '../../src/lookup/service';

export interface LargePlan {
  /** Of each, without gzip. */
  bytes: number;
  answers: number;
}

export interface LargeFindings {
  /** How often each fate: `report`, or the code of an error. */
  fates: Record<string, number>;
  /** What the process took more than before, at most, in bytes. */
  memory: number;
  packed: number;
}

async function largeAnswers({ bytes, answers }: LargePlan): Promise<LargeFindings> {
  const attributes = { last_analysis_stats: { malicious: 1 }, whois: 'x'.repeat(bytes) };
  const body = gzipSync(JSON.stringify({ data: { type: 'domain', id: 'a.com', attributes } }));
  const server = createServer((_request, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const service = new VirusTotalService({ apiKey: 'k'.repeat(64), apiUrl, rateLimit: false, dailyQuota: 0 });
  const before = process.memoryUsage.rss();
  const fates: Record<string, number> = {};
  await Promise.all(
    Array.from({ length: answers }, (_, n) =>
      service
        .get({ type: 'domain', value: `a${n}.com` })
        .then(
          () => 'report',
          (error: { code: string }) => error.code,
        )
        .then((fate) => (fates[fate] = (fates[fate] ?? 0) + 1)),
    ),
  );
  await service.close();
  server.close();
  return { fates, memory: process.resourceUsage().maxRSS * 1024 - before, packed: body.length };
}

largeAnswers(JSON.parse(process.argv[2] ?? '{}') as LargePlan).then(
  (findings) => process.send?.({ findings }, () => process.exit(0)),
  (error: Error) => process.send?.({ error: error.stack }, () => process.exit(1)),
);
