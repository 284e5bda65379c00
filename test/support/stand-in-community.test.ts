import { expect } from 'chai';
import { type Received, standInClient, urlId } from './stand-in-client';

const THINGS = [
  'domains/lodge-invoices.net',
  'ip_addresses/21.84.193.7',
  `urls/${urlId('http://lodge-invoices.net/')}`,
  `files/${'a3'.repeat(32)}`,
];

describe('The VirusTotal stand-in, over comments and votes', () => {
  const client = standInClient();
  const { start, get, post } = client;
  const comment = (thing: string, text: string): Promise<Received> =>
    post(`${thing}/comments`, { data: { type: 'comment', attributes: { text } } });
  const vote = (thing: string, verdict: string): Promise<Received> =>
    post(`${thing}/votes`, { data: { type: 'vote', attributes: { verdict } } });

  it('posts a comment with its tags, and refuses the same one a second time', async () => {
    await start({ unlisted: 'clean' });
    for (const thing of THINGS) {
      const { status, json } = await comment(thing, 'seen in #Phishing');
      expect(status, thing).to.equal(200);
      expect(json.data.type).to.equal('comment');
      expect(json.data.attributes).to.deep.include({ text: 'seen in #Phishing', tags: ['phishing'] });
      const again = await comment(thing, 'seen in #Phishing');
      expect([again.status, again.json.error.code]).to.deep.equal([409, 'AlreadyExistsError']);
      expect((await comment(thing, 'another')).status).to.equal(200);
      const list = (await get(`${thing}/comments`)).json.data as unknown as {
        attributes: { text: string };
      }[];
      expect(list.slice(0, 2).map(({ attributes }) => attributes.text)).to.deep.equal([
        'another',
        'seen in #Phishing',
      ]);
    }
  });

  it('has one vote of a user about a thing', async () => {
    await start({ unlisted: 'clean' });
    for (const thing of THINGS) {
      expect((await vote(thing, 'malicious')).json.data.attributes).to.include({ verdict: 'malicious' });
      const { status, json } = await vote(thing, 'harmless');
      expect([status, json.error.code]).to.deep.equal([409, 'AlreadyExistsError']);
      expect(json.error.message).to.match(/already voted "malicious" for this/);
      expect((await get(`${thing}/votes`)).json.data).to.be.an('array').that.is.not.empty;
    }
  });

  it('refuses other bodies, other verdicts and things that it does not have', async () => {
    await start({ catalogue: { 'lodge-invoices.net': 'clean', 'never-seen.net': 'unknown' } });
    const [thing = ''] = THINGS;
    expect((await vote(thing, 'suspicious')).status).to.equal(400);
    expect((await comment(thing, '')).status).to.equal(400);
    expect((await post(`${thing}/votes`, { verdict: 'harmless' })).status).to.equal(400);
    expect((await post(`${thing}/comments`, new URLSearchParams({ text: 'a' }))).status).to.equal(400);
    expect((await comment('domains/never-seen.net', 'a')).status).to.equal(404);
    expect((await vote('domains/no_dot', 'harmless')).status).to.equal(400);
  });
});
