import { expect } from 'chai';
import { startSubmission } from '../../src/submit/submission';
import { failureOf } from '../api/failing';
import { bytesFile, withSubmissions } from './with-submissions';

describe('A private scan', () => {
  const fixture = withSubmissions();

  it('of a file asks for nothing in public, and has the verdict of the sandboxes', async () => {
    fixture.vt.reset({ privileges: ['private-scanning'] });
    const file = await bytesFile('confidential');
    const service = fixture.service();
    const { report } = await startSubmission(service, file, { private: true }).result;
    expect(report).to.include({ type: 'file', response_code: 1, private: true });
    expect(report).not.to.have.property('positives');
    expect(report?.gti?.verdict).to.be.a('string');
    expect(fixture.vt.requests.every(({ path }) => path.includes('/private/'))).to.equal(true);
    expect(service.peek({ type: 'file', value: file.sha256 })).to.equal(undefined);
  });

  it('of a URL asks for nothing in public', async () => {
    fixture.vt.reset({ privileges: ['private-scanning'] });
    const target = { kind: 'url', url: 'https://evil.example.com/a' } as const;
    const { report } = await fixture.submit(target, { private: true }).result;
    expect(report).to.include({ type: 'url', response_code: 1, private: true });
    expect(fixture.vt.requests.every(({ path }) => path.includes('/private/'))).to.equal(true);
  });

  it('without a license ends with VT_FORBIDDEN that says so, and sends nothing', async () => {
    const error = await failureOf(fixture.submit(await bytesFile('x'), { private: true }).result);
    expect(error).to.include({ code: 'VT_FORBIDDEN' });
    expect(error.message).to.include('private scanning');
    expect(fixture.vt.submissions).to.deep.equal([]);
  });
});
