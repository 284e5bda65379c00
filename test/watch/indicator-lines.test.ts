import { expect } from 'chai';
import { readIndicators } from '../../src/watch/indicator-lines';

describe('The lines of a watch list', () => {
  it('are indicators of each kind, defanged or not, with comments and in any order', () => {
    const { indicators, unread } = readIndicators(`
# suppliers
Qorlane-Invoices[.]com
192.52.193[.]40   # their mail server
hxxps://parcel-redelivery-vantry.com/track/confirm.php?id=7731
1847DE119D372F29A031D41EE65730E5, from the ticket
qorlane-invoices.com
`);
    expect(unread).to.deep.equal([]);
    expect(indicators).to.deep.equal([
      { type: 'domain', value: 'qorlane-invoices.com' },
      { type: 'ip', value: '192.52.193.40' },
      { type: 'url', value: 'https://parcel-redelivery-vantry.com/track/confirm.php?id=7731' },
      { type: 'file', value: '1847de119d372f29a031d41ee65730e5' },
    ]);
  });

  it('may be an array, of texts or of indicators', () => {
    const { indicators } = readIndicators([
      'a.net\nb.net',
      { type: 'url', value: 'c.net/x' },
      { type: 'domain', value: 'D.net', relation: 'contacted_domains' },
    ]);
    expect(indicators.map(({ type, value }) => `${type} ${value}`)).to.deep.equal([
      ...['domain a.net', 'domain b.net', 'url http://c.net/x', 'domain d.net'],
    ]);
  });

  it('that are no indicator are quoted, and nothing throws', () => {
    expect(readIndicators('what is this\na.net').unread).to.deep.equal(['"what is this"']);
    expect(
      readIndicators([7, null, {}, { type: 'domain', value: '10' }, Symbol.iterator]).unread,
    ).to.have.length(4);
    expect(readIndicators(undefined)).to.deep.equal({ indicators: [], unread: [] });
  });
});
