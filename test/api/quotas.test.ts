import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import { parseQuotaUsage } from '../../src/api/quota-usage';
import { STAND_IN_KEY, startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';
import { failureOf } from './failing';

const user = (used: number, allowed: number) => ({ user: { used, allowed } });
const both = (used: number, allowed: number, groupUsed: number, groupAllowed: number) => ({
  ...user(used, allowed),
  group: { used: groupUsed, allowed: groupAllowed, inherited_from: 'a-team' },
});

describe('The quota that VirusTotal counts', () => {
  it('has the used and allowed lookups of the hour, the day and the month', () => {
    const data = {
      api_requests_hourly: user(3, 240),
      api_requests_daily: user(12, 500),
      api_requests_monthly: user(340, 15_500),
      intelligence_searches_monthly: user(0, 0),
    };
    expect(parseQuotaUsage({ data })).to.deep.equal({
      hourly: { used: 3, allowed: 240 },
      daily: { used: 12, allowed: 500 },
      monthly: { used: 340, allowed: 15_500 },
    });
  });

  it('is the one of the user or the group, whichever has less left', () => {
    const data = {
      api_requests_hourly: both(12, 60_000_000_000, 8_000, 9_000),
      api_requests_daily: both(990, 1_000, 500, 30_000),
    };
    expect(parseQuotaUsage({ data })).to.deep.equal({
      hourly: { used: 8_000, allowed: 9_000 },
      daily: { used: 990, allowed: 1_000 },
    });
  });

  it('is the one of the group when the user has none', () => {
    expect(
      parseQuotaUsage({ data: { api_requests_daily: { group: { used: 1, allowed: 2 } } } }),
    ).to.deep.equal({
      daily: { used: 1, allowed: 2 },
    });
  });

  for (const body of [
    undefined,
    null,
    [],
    'text',
    {},
    { data: null },
    { data: { api_requests_daily: 5 } },
    { data: { api_requests_daily: { user: { used: '5', allowed: 5 } } } },
    { data: { api_requests_daily: { user: { used: -5, allowed: null } } } },
  ]) {
    it(`is empty for the answer ${JSON.stringify(body)}`, () => {
      expect(parseQuotaUsage(body)).to.deep.equal({});
    });
  }

  describe('from the API', () => {
    let standIn: StandIn;
    let api: VirusTotalApi;

    beforeEach(async () => {
      standIn = await startStandIn();
      api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: standIn.url('v3') });
    });
    afterEach(async () => {
      await api.close();
      await standIn.close();
    });

    it('is read with one request', async () => {
      standIn.script([{ body: { data: { api_requests_daily: user(7, 500) } } }]);
      expect(await api.overallQuotas()).to.deep.equal({ daily: { used: 7, allowed: 500 } });
      expect(standIn.requests[0]?.path).to.equal(`/api/v3/users/${STAND_IN_KEY}/overall_quotas`);
    });

    it('is undefined for a key that may not read its quota', async () => {
      standIn.script([{ status: 403 }]);
      expect(await api.overallQuotas()).to.equal(undefined);
    });

    it('fails for a refused key without quoting the key, which is part of the address', async () => {
      standIn.script([{ echoKey: true }]);
      const error = await failureOf(api.overallQuotas());
      expect(error).to.include({ code: 'VT_AUTH', status: 401 });
      expect(error.message).not.to.include(STAND_IN_KEY);
    });

    it('is not requested with API v2, which does not have it', async () => {
      const v2 = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiVersion: 'v2', apiUrl: standIn.url('v2') });
      expect(await v2.overallQuotas()).to.equal(undefined);
      expect(standIn.requests).to.have.length(0);
      await v2.close();
    });
  });
});
