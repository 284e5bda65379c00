import { expect } from 'chai';
import { commentOn, voteOn } from '../../src/submit/community';
import { failureOf } from '../api/failing';
import { withSubmissions } from './with-submissions';

const DOMAIN = { type: 'domain', value: 'evil.example.com' } as const;

describe('A comment or a vote', () => {
  const fixture = withSubmissions();
  beforeEach(() => fixture.vt.know('evil.example.com', 5));

  it('is written once', async () => {
    const service = fixture.service();
    expect(await commentOn(service, DOMAIN, 'Seen in #phishing')).to.include({ done: true, already: false });
    expect(await voteOn(service, DOMAIN, 'malicious')).to.include({ done: true, already: false });
    expect(fixture.asked()).to.deep.equal(['POST domains/*/comments', 'POST domains/*/votes']);
  });

  it('that is there already is done', async () => {
    const service = fixture.service();
    await voteOn(service, DOMAIN, 'harmless');
    expect(await voteOn(service, DOMAIN, 'harmless')).to.include({ done: true, already: true });
  });

  it('is not sent again when its answer is lost', async () => {
    fixture.vt.script(({ method }) => (method === 'POST' ? { cut: 'before' } : undefined));
    const error = await failureOf(voteOn(fixture.service(), DOMAIN, 'malicious'));
    expect(error).to.include({ code: 'VT_NETWORK', retryable: false, mayHaveArrived: true });
    expect(fixture.asked()).to.have.length(1);
  });

  it('needs a text, a verdict, and an indicator that may be sent', async () => {
    const service = fixture.service();
    for (const wrong of [
      commentOn(service, DOMAIN, ' '),
      voteOn(service, DOMAIN, 'bad' as never),
      voteOn(service, { type: 'ip', value: '10.0.0.1' }, 'malicious'),
    ])
      expect(await failureOf(wrong)).to.include({ code: 'VT_INVALID_IOC' });
    expect(fixture.asked()).to.deep.equal([]);
  });

  it('needs API v3', async () => {
    const service = fixture.service({ apiVersion: 'v2', apiUrl: fixture.vt.url('v2') });
    expect(await failureOf(voteOn(service, DOMAIN, 'malicious'))).to.include({ code: 'VT_CONFIG' });
  });
});
