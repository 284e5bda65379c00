import { expect } from 'chai';
import { Pace } from '../../editor/pace';
import { fieldsOf } from '../../editor/fields';
import { textsOf } from '../../editor/texts';
import { withFields } from '../support/editor-stand-in';

const FREE = {
  rateLimit: true,
  rateLimitMode: 'spacing',
  rateLimitMs: '15000',
  rateLimitCount: '4',
  dailyQuota: '500',
  monthlyQuota: '15500',
};

/** What the dialog of an instance says of its pace: requests a minute, what is chosen, and in words. */
function pace(fields: Record<string, string | boolean>): [number, unknown, unknown] {
  return withFields({ ...FREE, ...fields }, () => {
    const made = new Pace(fieldsOf('virustotal-config'), textsOf('virustotal-config'));
    made.show();
    return [made.perMinute, $('#vt-pace').val(), $('#vt-pace-summary').text()];
  });
}

describe('The pace in the dialog of an instance', () => {
  it('is that of a free key by default', () => {
    expect(pace({})).to.deep.equal([
      4,
      'public',
      'pace.all pace=pace.spacing seconds=15 day=pace.daily count=500 month=pace.monthly count=15,500',
    ]);
  });

  it('is per minute when requests may start at once', () => {
    const [perMinute, choice, words] = pace({
      rateLimitMode: 'window',
      rateLimitCount: '1000',
      dailyQuota: '0',
    });
    expect([perMinute, choice]).to.deep.equal([1000, 'own']);
    expect(words).to.include('pace.window count=1,000').and.to.include('pace.dailyUncounted');
  });

  it('has no limit when it is switched off', () => {
    expect(pace({ rateLimit: false }).slice(0, 2)).to.deep.equal([Infinity, 'own']);
  });

  it('is unknown when a variable decides it', () => {
    const [perMinute, choice, words] = pace({ rateLimitMs: '${PACE}' });
    expect(perMinute).to.be.NaN;
    expect(choice).to.equal('own');
    expect(words).to.include('seconds=${PACE}');
    expect(pace({ rateLimit: '${LIMITED}' })[0]).to.equal(4);
  });
});
