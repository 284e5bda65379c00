import { install, type Clock } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCsv } from '../support/csv-reader';
import { readExample } from '../support/example-flow';
import { FunctionNode } from '../support/function-node';
import { withRecipe } from '../support/recipe';

describe('The recipe 21-csv-to-csv', () => {
  const recipe = withRecipe('21-csv-to-csv.json');
  let files = 0;

  /** What the recipe makes of a CSV file: an object for each row. */
  async function verdictsOf(csv: string): Promise<Record<string, string>[]> {
    const [from, to] = ['in', 'out'].map((name) => join(recipe.nodeRed.userDir, `${name}-${++files}.csv`));
    writeFileSync(from ?? '', csv);
    await recipe.deploy({ CSV_IN: from ?? '', CSV_OUT: to ?? '' });
    await recipe.press('Every night at 02:00');
    await recipe.shown('Written');
    const [header = [], ...rows] = readCsv(readFileSync(to ?? '', 'utf8'));
    return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])));
  }

  it('adds the verdict to each row and keeps the rows in their order', async () => {
    recipe.vt.know('qorlane-invoices.com', 11);
    recipe.vt.know('meridane-paper.net', 0);
    recipe.vt.know('cdn-qorlane.net', 'unknown');
    recipe.vt.script({ '192.52.193.40': [{ status: 400, times: 9 }] });
    const rows = await verdictsOf(
      'asset,indicator\r\n1,meridane-paper.net\r\n2,hxxp://qorlane-invoices[.]com meridane-paper.net qorlane-invoices.com\r\n3,cdn-qorlane.net\r\n4,192.52.193.40\r\n5,10.20.4.31\r\n6,\r\n',
    );
    expect(rows.map(({ asset, vt_verdict }) => `${asset}: ${vt_verdict}`)).to.deep.equal([
      '1: trusted',
      '2: malicious',
      '3: no-match',
      '4: error',
      '5: missing',
      '6: missing',
    ]);
    expect(rows[1]).to.include({ vt_indicator: 'qorlane-invoices.com', vt_positives: '11' });
    expect(rows[1]?.['vt_reason']).to.match(/^11 of /);
    expect(rows[3]?.['vt_reason']).to.contain('400');
  });

  it('writes text from outside as text, in a cell of its own', async () => {
    const notes = ['=cmd|"/c calc"!A1', 'a, "b"\r\nc', '@SUM(1)', '-1.5', '+49 30'];
    const quoted = notes.map((note) => `"${note.replaceAll('"', '""')}",meridane-paper.net\r\n`);
    const rows = await verdictsOf(`note,indicator\r\n${quoted.join('')}`);
    expect(rows.map(({ note }) => note)).to.deep.equal([
      `'=cmd|"/c calc"!A1`,
      'a, "b"\r\nc',
      "'@SUM(1)",
      '-1.5',
      "'+49 30",
    ]);
    expect(rows.map(({ indicator }) => indicator)).to.deep.equal(notes.map(() => 'meridane-paper.net'));
  });

  it('writes the name of a column from outside as text', async () => {
    const rows = await verdictsOf(
      '"=HYPERLINK(""http://x"")","＝A1",indicator\r\na,b,meridane-paper.net\r\n',
    );
    expect(Object.keys(rows[0] ?? {}).slice(0, 3)).to.deep.equal([
      `'=HYPERLINK("http://x")`,
      "'＝A1",
      'indicator',
    ]);
  });

  it('shows the progress and the time left below a node, row by row', async () => {
    const lines = ['indicator', 'meridane-paper.net', '10.20.4.31', 'cdn-qorlane.net', '10.20.4.32', ''];
    await verdictsOf(lines.join('\r\n'));
    const { id } = recipe.node('Verdict columns');
    const shown = (): string[] =>
      recipe.nodeRed.statuses.filter((status) => status.id === id).map(({ text }) => text);
    await recipe.nodeRed.until(() => shown().length >= 4);
    for (const [index, text] of shown().slice(0, 3).entries())
      expect(text).to.match(new RegExp(`^${index + 1} of 4, (\\d+ h )?\\d+ min left$`));
    expect(shown()[3]).to.equal('4 of 4');
  });

  it('says so where a file has no rows, and writes none', async () => {
    const [from, to] = ['empty', 'none'].map((name) => join(recipe.nodeRed.userDir, `${name}.csv`));
    writeFileSync(from ?? '', 'asset,indicator\r\n');
    await recipe.deploy({ CSV_IN: from ?? '', CSV_OUT: to ?? '' });
    await recipe.press('Every night at 02:00');
    expect((await recipe.shown('No rows'))[0]?.msg).to.equal(from);
    expect(existsSync(to ?? '')).to.equal(false);
  });

  it('says what is wrong with a file that it cannot read or write', async () => {
    await recipe.deploy({ CSV_IN: join(recipe.nodeRed.userDir, 'nowhere.csv') });
    await recipe.press('Every night at 02:00');
    expect((await recipe.shown('Why'))[0]?.msg).to.contain('nowhere.csv');
    const from = join(recipe.nodeRed.userDir, 'one.csv');
    writeFileSync(from, 'indicator\r\nmeridane-paper.net\r\n');
    await recipe.deploy({ CSV_IN: from, CSV_OUT: join(recipe.nodeRed.userDir, 'nowhere', 'out.csv') });
    await recipe.press('Every night at 02:00');
    expect((await recipe.shown('Why'))[0]?.msg).to.contain('nowhere');
  });
});

describe('The time left in the recipe 21-csv-to-csv', () => {
  const MINUTE = 60_000;
  let columns: FunctionNode;
  let time: Clock;

  beforeEach(() => {
    time = install({ toFake: ['Date'], now: Date.UTC(2026, 10, 17, 2) });
    columns = new FunctionNode(readExample('21-csv-to-csv.json'), 'Verdict columns');
  });
  afterEach(() => time.uninstall());

  /** One more of `count` rows is done. */
  const row = (count: number, started: number, id = 'one'): string | undefined => {
    columns.run({ row: {}, analysis: { verdict: 'trusted' }, parts: { id, count }, started });
    return columns.statuses.at(-1)?.text;
  };

  it('is that of the rows still to do at the pace so far', () => {
    const started = Date.now();
    time.tick(MINUTE / 4);
    expect(row(1204, started)).to.equal('1 of 1204, 5 h 1 min left');
    time.tick(MINUTE / 4);
    expect(row(1204, started)).to.equal('2 of 1204, 5 h 1 min left');
    // Slower, as another flow is served first.
    time.tick(4 * MINUTE);
    expect(row(1204, started)).to.equal('3 of 1204, 30 h 2 min left');
  });

  it('starts again with the next run and ends with the last row', () => {
    const started = Date.now();
    time.tick(MINUTE);
    expect(row(2, started)).to.equal('1 of 2, 1 min left');
    expect(row(2, started)).to.equal('2 of 2');
    expect(columns.statuses.at(-1)).to.include({ fill: 'green' });
    time.tick(24 * 60 * MINUTE);
    const next = Date.now();
    time.tick(2 * MINUTE);
    expect(row(31, next, 'two')).to.equal('1 of 31, 1 h 0 min left');
    expect(columns.statuses.at(-1)).to.include({ fill: 'blue' });
  });
});
