import { expect } from 'chai';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../tools/eventually';
import { withRecipe } from '../support/recipe';

const LINK = 'https://parcel-redelivery-vantry.com/track/confirm.php?id=7731';

/** A mail as a mailbox saves it. */
const eml = (link = LINK): string =>
  [
    'Received: from mx.qorlane-invoices.com [192.52.193.40] by mx.meridane.lan',
    'From: "Fennick Bank" <billing@qorlane-invoices.com>',
    'To: jane@meridane-paper.net',
    'Subject: Overdue freight invoice 0417',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Pay here: ${link}`,
    '',
  ].join('\r\n');

describe('The recipe 17-phishing-mailbox', () => {
  let folder = '';
  let folders = 0;
  const recipe = withRecipe('17-phishing-mailbox.json', {
    env: (other, nodeRed) => {
      folder = join(nodeRed.userDir, `mails-${++folders}`);
      mkdirSync(folder);
      return { PHISHING_FOLDER: folder, TICKET_URL: other.url('/tickets'), TICKET_TOKEN: 'made-up-token' };
    },
    change: ({ type }) => (type === 'trigger' ? { duration: '1', units: 'ms' } : {}),
  });
  /** Resolves when the folder is watched: the watch begins some time after the deploy, and nothing else says so. */
  const watched = (): Promise<void> =>
    eventually(() => {
      writeFileSync(join(folder, 'notes.txt'), 'http://192.52.193.77:8080/gate.php');
      return recipe.nodeRed.debugs.some(({ id }) => id === recipe.node('Not a mail').id);
    });
  beforeEach(watched);
  /** Puts a whole mail into the folder at once, as a mail program does. */
  const save = (name: string, text: string): void => {
    const unfinished = join(folder, `${name}.part`);
    writeFileSync(unfinished, text);
    renameSync(unfinished, join(folder, name));
  };
  interface Ticket {
    title: string;
    text: string;
    verdict: string;
  }

  it('makes a ticket and writes a report for each mail in the folder, and for nothing else there', async () => {
    recipe.vt.know(LINK, 17);
    recipe.vt.know('qorlane-invoices.com', 0);
    save('reported.eml', eml());
    const [written] = await recipe.shown('Report written');
    await recipe.shown('Ticket made');

    expect(written?.msg).to.equal(join(folder, 'reported.eml.html'));
    const report = readFileSync(written?.msg ?? '', 'utf8');
    expect(report).to.match(/^<!doctype html>/);
    expect(report).to.contain('Phishing mail: reported.eml').and.contain('parcel-redelivery-vantry');
    const [ticket] = recipe.other.requests;
    expect(ticket).to.include({ method: 'POST', path: '/tickets' });
    expect(ticket?.headers).to.include({ authorization: 'Bearer made-up-token' });
    expect(ticket?.body).to.include({ title: 'Phishing mail: reported.eml', verdict: 'malicious' });
    expect((ticket?.body as Ticket).text).to.contain('parcel-redelivery-vantry[.]com');
    expect(recipe.asked()).to.include.members([LINK, 'qorlane-invoices.com']);
    expect(JSON.stringify(recipe.vt.requests)).to.not.match(/jane|meridane|192\.52\.193\.77/);
    expect(readdirSync(folder).sort()).to.deep.equal(['notes.txt', 'reported.eml', 'reported.eml.html']);
  });

  it('reports failed lookups in the ticket and the report', async () => {
    recipe.vt.script({ [LINK]: [{ status: 400 }] });
    save('reported.eml', eml());
    await recipe.shown('Report written');
    await recipe.shown('Ticket made');
    expect(recipe.other.requests[0]?.body)
      .to.have.property('text')
      .that.contains('parcel-redelivery-vantry[.]com');
    expect(readFileSync(join(folder, 'reported.eml.html'), 'utf8')).to.contain('parcel-redelivery-vantry');
  });

  it('keeps the report and shows the ticket that the system does not take', async () => {
    recipe.other.reset(() => ({ status: 401, body: { error: 'token' } }));
    save('reported.eml', eml());
    await recipe.shown('Report written');
    expect((await recipe.shown('No ticket'))[0]?.msg)
      .to.contain('Phishing mail: reported.eml')
      .and.not.contain('made-up-token');
    await recipe.deploy({ TICKET_URL: 'http://127.0.0.1:1/hooks/SECRET' });
    await recipe.press('Sample mail');
    const [unreachable] = await recipe.shown('No ticket');
    expect(unreachable?.msg).to.contain('ECONNREFUSED').and.contain('parcel-redelivery-vantry[.]com');
    expect(unreachable?.msg).to.not.contain('SECRET').and.not.contain('made-up-token');
  });

  it('says why it reads no folder and writes no report', async () => {
    await recipe.deploy({ PHISHING_FOLDER: join(folder, 'nowhere') });
    await recipe.press('Sample mail');
    await recipe.shown('Not read');
    expect((await recipe.shown('No report'))[0]?.msg).to.match(/ENOENT/);
  });

  it('writes a subject from outside as text', async () => {
    await recipe.deploy({}, ({ name }) =>
      name === 'Sample mail' ? { topic: '</title><script>x</script> "&' } : {},
    );
    await recipe.press('Sample mail');
    const [written] = await recipe.shown('Report written');
    await recipe.shown('Ticket made');
    expect(readFileSync(written?.msg ?? '', 'utf8'))
      .to.contain('&lt;script&gt;')
      .and.not.contain('<script>');
    expect((recipe.other.requests[0]?.body as Ticket).title).to.equal(
      'Phishing mail: </title><script>x</script> "&',
    );
  });
});
