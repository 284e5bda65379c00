import { expect } from 'chai';
import type { Node } from 'node-red';
import { quotaContext } from '../../nodes/quota-context';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';

const KEY = freshKey();
const COUNTS = { day: '2026-03-10', dayUsed: 7, month: '2026-03', monthUsed: 70 };

describe('The counts of a key in the context of its config node', () => {
  const disk = { module: 'localfilesystem' };
  const ram = { module: 'memory' };

  /** A node whose context keeps one value, or fails; notes which store was asked. */
  function nodeWith({ value, error }: { value?: unknown; error?: Error } = {}) {
    const heard = { stores: [] as unknown[], warnings: [] as string[], kept: value };
    const context = {
      get: (_key: string, store: unknown, done: (error: unknown, value?: unknown) => void) => {
        heard.stores.push(store);
        done(error, heard.kept);
      },
      set: (_key: string, counts: unknown, store: unknown, done: (error: unknown) => void) => {
        heard.stores.push(store);
        heard.kept = counts;
        done(error);
      },
    };
    const node = { context: () => context, warn: (text: string) => heard.warnings.push(text) };
    return { node: node as unknown as Node, heard };
  }

  it('are restored as stored, for their key only', async () => {
    const { node, heard } = nodeWith();
    quotaContext(node, KEY, {}).save(COUNTS);
    expect(await quotaContext(node, KEY, {}).load()).to.include(COUNTS);
    expect(await quotaContext(node, freshKey(), {}).load()).to.equal(undefined);
    expect(JSON.stringify(heard.kept)).not.to.contain(KEY);
  });

  it('may lack what another process could not save in time but nothing that this one has saved', async () => {
    const { node, heard } = nodeWith();
    const store = quotaContext(node, KEY, {});
    store.save({ ...COUNTS, unsaved: 3 });
    expect(await store.load()).to.deep.equal(COUNTS);
    heard.kept = { ...(heard.kept as object), process: 'another' };
    expect(await store.load()).to.deep.equal({ ...COUNTS, unsaved: 3 });
  });

  for (const [what, contextStorage, delayMs] of [
    ['at once where nothing is kept', undefined, 0],
    ['at once where nothing is kept', { default: ram }, 0],
    ['after 30 s and a write', { default: disk }, 31_000],
    [
      'when it is flushed, and a write',
      { default: 'slow', slow: { ...disk, config: { flushInterval: 300 } } },
      301_000,
    ],
    [
      'after a write where it is not cached',
      { default: ram, disk: { ...disk, config: { cache: false } } },
      1_000,
    ],
    [
      'after 30 s where the interval is none',
      { default: { ...disk, config: { flushInterval: 'x' } } },
      31_000,
    ],
  ] as const) {
    it(`survive a kill ${what}: ${JSON.stringify(contextStorage)}`, () => {
      expect(quotaContext(nodeWith().node, KEY, { contextStorage }).delayMs).to.equal(delayMs);
    });
  }

  it('are ignored when another value stands in their place', async () => {
    const { node, heard } = nodeWith();
    const store = quotaContext(node, KEY, {});
    store.save(COUNTS);
    const good = heard.kept as object;
    const others = [
      undefined,
      null,
      7,
      'x',
      [],
      {},
      { ...good, day: 7 },
      { ...good, dayUsed: '7' },
      { ...good, unsaved: -1 },
    ];
    for (const other of others) {
      heard.kept = other;
      expect(await store.load(), JSON.stringify(other)).to.equal(undefined);
    }
  });

  for (const [what, contextStorage, store] of [
    ['the default one, where the settings name none', undefined, undefined],
    ['the default one, where that keeps it', { default: disk, ram }, undefined],
    ['the default one, where its namesake keeps it', { default: 'disk', disk, ram }, undefined],
    ['another one that keeps it, where the default does not', { default: ram, disk }, 'disk'],
    [
      'another one that keeps it, where the namesake of the default does not',
      { default: 'ram', ram, disk },
      'disk',
    ],
    ['the default one, where none keeps it', { default: ram, ram2: ram }, undefined],
  ] as const) {
    it(`are stored in ${what}`, async () => {
      const { node, heard } = nodeWith();
      const context = quotaContext(node, KEY, { contextStorage });
      await context.load();
      context.save(COUNTS);
      expect(heard.stores).to.deep.equal([store, store]);
    });
  }

  it('may fail to be stored, which is logged and ends nothing', async () => {
    const { node, heard } = nodeWith({ error: new Error('disk full') });
    const store = quotaContext(node, KEY, {});
    store.save(COUNTS);
    expect(heard.warnings).to.have.length(1);
    expect(heard.warnings[0]).to.contain('disk full');
    const failed = await store.load().then(
      () => 'loaded',
      (error: Error) => error.message,
    );
    expect(failed).to.equal('disk full');
  });
});
