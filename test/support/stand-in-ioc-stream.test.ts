import { expect } from 'chai';
import { type Json, standInClient } from './stand-in-client';

interface Item {
  type: string;
  id: string;
  attributes?: object;
  context_attributes: { notification_id: string; notification_date: number; origin: string; tags: string[] };
}
const items = (json: Json): Item[] => json.data as unknown as Item[];
const ids = (json: Json): string[] =>
  items(json).map(({ context_attributes }) => context_attributes.notification_id);

describe('The VirusTotal stand-in, over the IoC stream', () => {
  const client = standInClient();
  const { start, get } = client;
  const stream = (query: Record<string, string> = {}): ReturnType<typeof get> =>
    get(`ioc_stream?${new URLSearchParams(query).toString()}`);
  const notify = (n: number): string =>
    client.vt.notify({ kind: 'domain', indicator: `host-${n}.net`, date: 1_780_000_000 + n * 60 });

  it('is forbidden to other keys than those of Google Threat Intelligence', async () => {
    await start({ privileges: ['premium'] });
    expect((await stream()).json.error.code).to.equal('ForbiddenError');
  });

  it('is paged newest first, and what is new meanwhile repeats nothing', async () => {
    await start({ privileges: ['gti'], unlisted: 'clean' });
    const added = Array.from({ length: 25 }, (_, n) => notify(n));
    const first = await stream({ limit: '10' });
    notify(30);
    const second = await stream({ limit: '10', cursor: String(first.json.meta['cursor']) });
    const third = await stream({ limit: '10', cursor: String(second.json.meta['cursor']) });
    expect([first, second, third].flatMap(({ json }) => ids(json))).to.deep.equal(added.reverse());
    expect(third.json.meta).not.to.have.property('cursor');
    expect((await stream({ limit: '41' })).status).to.equal(400);
    expect(ids((await stream({ order: 'date+', limit: '1' })).json)).to.deep.equal([added.at(-1)]);
  });

  it('is filtered by date, type, source and tag, and refuses other filters with the valid ones', async () => {
    await start({ privileges: ['gti'], unlisted: 'clean' });
    const old = client.vt.notify({ kind: 'ip', indicator: '21.84.193.7', date: Date.UTC(2026, 4, 1) / 1000 });
    const file = client.vt.notify({
      kind: 'file',
      indicator: 'a3'.repeat(32),
      date: Date.UTC(2026, 5, 1) / 1000,
      origin: 'subscriptions',
      source: { type: 'collection', id: 'c-1' },
      tags: ['loader'],
    });
    const found = async (filter: string): Promise<string[]> => ids((await stream({ filter })).json);
    expect(await found('date:2026-05-15T00:00:00+')).to.deep.equal([file]);
    expect(await found('date:2026-05-15-')).to.deep.equal([old]);
    expect(await found('entity_type:file origin:subscriptions notification_tag:loader')).to.deep.equal([
      file,
    ]);
    expect(await found('source_type:collection source_id:c-1')).to.deep.equal([file]);
    expect(await found('entity_type:ip_address origin:subscriptions')).to.deep.equal([]);
    for (const filter of ['tag:loader', 'entity_type:ip', 'date:yesterday', 'loader']) {
      const { status, json } = await stream({ filter });
      expect([status, json.error.code], filter).to.deep.equal([400, 'BadRequestError']);
      expect(json.error.message).to.contain('Valid values');
    }
  });

  it('gives whole objects, or descriptors, both with what the notification says', async () => {
    await start({ privileges: ['gti'], catalogue: { 'host-1.net': 9 } });
    notify(1);
    const [whole] = items((await stream()).json);
    expect(whole).to.deep.include({ type: 'domain', id: 'host-1.net' });
    expect(whole?.attributes).to.have.property('last_analysis_stats');
    const [descriptor] = items((await stream({ descriptors_only: 'true' })).json);
    expect(descriptor).to.have.all.keys('type', 'id', 'context_attributes');
    expect(descriptor?.context_attributes).to.deep.equal(whole?.context_attributes);
  });
});
