import { expect } from 'chai';
import type { Indicator } from '../../src/ioc/ioc';
import { hashesOf } from '../../tools/fake-virustotal/file-details';
import { fate, lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';

const SECOND = 1000;
const { md5, sha1, sha256 } = hashesOf('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');

function file(value: string): Indicator {
  return { type: 'file', value };
}

describe('Lookups of one file by its hashes, one after the other', () => {
  const fixture = withVirtualVirusTotal();
  const spaced = { rateLimit: true, rateLimitMs: 15 * SECOND };

  it('cost one request: what waits looks into the cache again when it is its turn', async () => {
    const { vt } = fixture;
    const service = fixture.service(spaced);
    const asked = [sha256, md5, sha1].map((hash) => lookUp(service, file(hash)));
    const next = lookUp(service, 'a.example');
    await fixture.pass(16 * SECOND);
    expect(asked.map(fate)).to.deep.equal(['report', 'report', 'report']);
    expect(asked.map(({ found }) => found?.report.resource)).to.deep.equal([sha256, md5, sha1]);
    expect(asked.map(({ found }) => found?.cached)).to.deep.equal([false, true, true]);
    expect(fate(next), 'gets the turn that they did not need').to.equal('report');
    expect(vt.asked).to.deep.equal([sha256, 'a.example']);
    expect(service.stats()).to.include({ waiting: 0, requesting: 0 });
  });

  it('are asked by another hash when VirusTotal does not know the first', async () => {
    const { vt } = fixture;
    vt.trouble = ({ indicator }) =>
      indicator === sha256
        ? { status: 404, json: { error: { code: 'NotFoundError', message: 'no' } } }
        : undefined;
    const service = fixture.service(spaced);
    const asked = [sha256, md5].map((hash) => lookUp(service, file(hash)));
    await fixture.pass(16 * SECOND);
    expect(asked.map(({ found }) => found?.report.response_code)).to.deep.equal([0, 1]);
    expect(vt.asked).to.deep.equal([sha256, md5]);
  });

  it('are requested again when a lookup asks for a refresh, also one that has joined', async () => {
    const { vt } = fixture;
    const service = fixture.service(spaced);
    lookUp(service, file(sha256));
    const asked = [lookUp(service, file(md5)), lookUp(service, file(md5), { refresh: true })];
    await fixture.pass(16 * SECOND);
    expect(asked.map(({ found }) => found?.cached)).to.deep.equal([false, false]);
    expect(vt.asked).to.deep.equal([sha256, md5]);
  });

  it('are not answered by a report that names another file for the hash that was asked', async () => {
    const { vt } = fixture;
    const attributes = {
      md5,
      sha1,
      sha256: 'b'.repeat(64),
      last_analysis_stats: { malicious: 1, harmless: 9 },
    };
    vt.trouble = ({ number }) => (number === 1 ? { json: { data: { id: sha256, attributes } } } : undefined);
    const service = fixture.service(spaced);
    lookUp(service, file(sha256));
    lookUp(service, file(md5));
    await fixture.pass(16 * SECOND);
    expect(vt.asked).to.deep.equal([sha256, md5]);
  });

  it('cost one request each without a cache', async () => {
    const service = fixture.service({ ...spaced, cache: false });
    for (const hash of [sha256, md5]) lookUp(service, file(hash));
    await fixture.pass(16 * SECOND);
    expect(fixture.vt.asked).to.deep.equal([sha256, md5]);
  });
});
