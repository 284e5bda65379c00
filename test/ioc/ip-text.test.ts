import { isIPv4, isIPv6 } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../../src/ioc/address';
import { isOrdinary, nonPublicReason } from '../../src/ioc/address-range';
import { formatIpv6, ipv4Of, ipv6GroupsOf, mappedIpv4 } from '../../src/ioc/ip-text';

/** What addresses are made of, put together at random: most are none, some are. */
const pieces = (list: readonly string[], maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...list), { maxLength }).map((parts) => parts.join(''));
const almostV4 = pieces(['.', '.', '0', '1', '9', '10', '25', '255', '256', '01', 'a', ''], 9);
const almostV6 = pieces([':', ':', ':', '::', '0', '1', 'ff', 'ABCD', '12345', '1.2.3.4', 'g'], 16);
const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
const groups = fc.array(group, { minLength: 8, maxLength: 8 });

describe('Text of an IP address', () => {
  it('is read as IPv4 exactly where node:net does', () => {
    fc.assert(
      fc.property(almostV4, (text) => {
        expect(ipv4Of(text) >= 0).to.equal(isIPv4(text));
      }),
    );
    fc.assert(
      fc.property(fc.nat(0xffffffff), (value) => {
        const text = ipaddr.fromByteArray([
          value >>> 24,
          (value >>> 16) & 255,
          (value >>> 8) & 255,
          value & 255,
        ]);
        expect(ipv4Of(text.toString())).to.equal(value);
      }),
    );
  });

  it('is read as IPv6 exactly where node:net does', () => {
    fc.assert(
      fc.property(almostV6, (text) => {
        expect(ipv6GroupsOf(text) !== undefined).to.equal(isIPv6(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('is written as WHATWG URL does', () => {
    fc.assert(
      fc.property(groups, (list) => {
        const text = list.map((one) => one.toString(16)).join(':');
        expect(`[${formatIpv6(list)}]`).to.equal(new URL(`http://[${text}]/`).hostname);
        expect(ipv6GroupsOf(formatIpv6(list))).to.deep.equal(list);
      }),
    );
  });

  it('is IPv4 when IPv6 maps it', () => {
    expect(mappedIpv4([0, 0, 0, 0, 0, 0xffff, 0x0808, 0x0808])).to.equal('8.8.8.8');
    expect(canonicalAddress('::FFFF:8.8.8.8')).to.equal('8.8.8.8');
    expect(canonicalAddress('[2606:4700:0:0::1111%eth0]')).to.equal('2606:4700::1111');
    expect(canonicalAddress('2606:4700::1111%')).to.equal(undefined);
  });
});

describe('An ordinary IP address', () => {
  const isPrivate = (text: string): boolean => nonPublicReason(ipaddr.parse(text)) !== undefined;

  it('lies in no private range, whatever its first bytes', () => {
    const octet = fc.nat(255);
    fc.assert(
      fc.property(octet, octet, octet, octet, (...octets) => {
        const text = octets.join('.');
        if (isOrdinary(text)) expect(isPrivate(text), text).to.equal(false);
      }),
      { numRuns: 2000 },
    );
    const first = fc.oneof(group, fc.integer({ min: 0x1fff, max: 0x4000 }), fc.constantFrom(0x2001, 0x2620));
    fc.assert(
      fc.property(first, groups, (one, [, ...others]) => {
        const text = formatIpv6([one, ...others]);
        if (isOrdinary(text)) expect(isPrivate(text), text).to.equal(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('is what most addresses are', () => {
    for (const text of ['8.8.8.8', '45.77.12.34', '2606:4700::1111', '[2001:4860:4860::8888]'])
      expect(isOrdinary(text), text).to.equal(true);
    for (const text of ['10.0.0.1', '240.0.0.1', '2001:db8::1', '2002:a00:1::', '2606::5efe:a00:1', 'x.com'])
      expect(isOrdinary(text), text).to.equal(false);
  });
});
