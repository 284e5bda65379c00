import { expect } from 'chai';
import { answering, page } from '../support/relation-bodies';
import { withRelated } from './with-related';

const DOMAIN = { type: 'domain', value: 'lodge-invoices.net' } as const;

const WHOIS = [
  'Domain Name: LODGE-INVOICES.NET',
  'Registrar: Made Up Names Ltd.',
  'Registrar Abuse Contact Email: abuse@names.example',
  'Creation Date: 2024-02-01T00:00:00Z',
  'Registry Expiry Date: 2027-02-01T00:00:00Z',
  'Updated Date: 2026-02-01T00:00:00Z',
  'Registrant Organization: Lodge',
  'Registrant Country: NL',
].join('\n');

const RDAP = {
  handle: 'LODGE-1',
  ldh_name: 'lodge-invoices.net',
  events: [
    { event_action: 'registration', event_date: '2024-02-01T00:00:00Z' },
    { event_action: 'expiration', event_date: '2027-02-01T00:00:00Z' },
  ],
  nameservers: [{ ldh_name: 'ns1.names.example' }, { ldh_name: 'ns2.names.example' }],
  status: ['client transfer prohibited'],
};

const CERTIFICATE = {
  subject: { CN: 'lodge-invoices.net' },
  issuer: { CN: 'Made Up CA', O: 'Made Up', C: 'NL' },
  validity: { not_before: '2026-01-01 00:00:00', not_after: '2026-04-01 00:00:00' },
  serial_number: '3a1f',
  thumbprint_sha256: 'e5'.repeat(32),
  extensions: { subject_alternative_name: ['lodge-invoices.net', '*.lodge-invoices.net'] },
  public_key: { rsa: { modulus: 'f'.repeat(512) } },
};

describe('Who registered an indicator', () => {
  const related = withRelated();

  it('is in its own object: the main fields of WHOIS, RDAP and the last certificate, for one request', async () => {
    await related.start();
    const attributes = { whois: WHOIS, rdap: RDAP, last_https_certificate: CERTIFICATE };
    const data = { type: 'domain', id: DOMAIN.value, attributes };
    related.vt.script(answering({ 'domains/lodge-invoices.net': { data } }));
    const { related: facts, requests } = await related.ask(DOMAIN, 'whois');
    expect(requests).to.equal(1);
    expect(facts['whois']).to.deep.equal({
      whois: {
        registrar: 'Made Up Names Ltd.',
        registrant: 'Lodge',
        country: 'NL',
        created: '2024-02-01T00:00:00Z',
        updated: '2026-02-01T00:00:00Z',
        expires: '2027-02-01T00:00:00Z',
        abuse: 'abuse@names.example',
      },
      rdap: {
        name: 'lodge-invoices.net',
        handle: 'LODGE-1',
        created: '2024-02-01T00:00:00Z',
        expires: '2027-02-01T00:00:00Z',
        nameservers: ['ns1.names.example', 'ns2.names.example'],
        status: ['client transfer prohibited'],
      },
      certificate: {
        subject: 'lodge-invoices.net',
        issuer: 'Made Up CA',
        notBefore: '2026-01-01 00:00:00',
        notAfter: '2026-04-01 00:00:00',
        serialNumber: '3a1f',
        sha256: 'e5'.repeat(32),
        names: ['lodge-invoices.net', '*.lodge-invoices.net'],
      },
    });
  });

  it('reads RDAP with the names of RFC 9083, and the network of an address', async () => {
    await related.start();
    const rdap = {
      name: 'MADE-UP-NET',
      startAddress: '21.84.0.0',
      endAddress: '21.84.255.255',
      country: 'NL',
      events: [{ eventAction: 'last changed', eventDate: '2025-01-01T00:00:00Z' }],
    };
    const attributes = { rdap, network: '21.84.0.0/16', as_owner: 'Made Up', asn: 64_500 };
    const data = { type: 'ip_address', id: '21.84.193.7', attributes };
    related.vt.script(answering({ 'ip_addresses/21.84.193.7': { data } }));
    const { related: facts } = await related.ask({ type: 'ip', value: '21.84.193.7' }, 'ip.whois');
    expect(facts['whois']).to.deep.equal({
      rdap: {
        name: 'MADE-UP-NET',
        country: 'NL',
        start: '21.84.0.0',
        end: '21.84.255.255',
        updated: '2025-01-01T00:00:00Z',
      },
      network: '21.84.0.0/16',
      owner: 'Made Up',
      asn: 64_500,
    });
  });

  it('has a history of records and certificates', async () => {
    await related.start();
    const record = {
      type: 'whois',
      id: 'r1',
      attributes: {
        last_updated: 1_700_000_000,
        registrar_name: 'Made Up Names Ltd.',
        registrant_country: 'NL',
        whois_map: { 'Creation Date': '2024-02-01', Registrar: 'Made Up Names Ltd.' },
      },
    };
    related.vt.script(
      answering({
        '/historical_whois?limit=10': page([record]),
        '/historical_ssl_certificates?limit=10': page([
          { type: 'ssl_cert', id: 'c1', attributes: { ...CERTIFICATE, first_seen_date: 1_700_000_000 } },
        ]),
      }),
    );
    const { related: facts } = await related.ask(DOMAIN, 'historical_whois,historical_ssl_certificates');
    expect(facts['historical_whois']).to.deep.equal([
      {
        registrar: 'Made Up Names Ltd.',
        country: 'NL',
        created: '2024-02-01',
        seen: '2023-11-14T22:13:20.000Z',
      },
    ]);
    expect((facts['historical_ssl_certificates'] as unknown[])[0]).to.include({
      subject: 'lodge-invoices.net',
      seen: '2023-11-14T22:13:20.000Z',
    });
  });
});
