import { expect } from 'chai';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { createGuard } from '../../src/ioc/guard';
import { Networks } from '../../src/ioc/networks';
import { Prefixes } from '../../src/ioc/prefixes';

describe('Networks of an allow list', () => {
  // Few different bits, so that networks hold each other and addresses.
  const bytes = (length: number) =>
    fc.array(fc.constantFrom(0, 1, 127, 128, 255), { minLength: length, maxLength: length });
  const address = fc.oneof(bytes(4), bytes(16)).map((list) => ipaddr.fromByteArray(list));
  const network = fc.tuple(address, fc.nat(128)).map(([at, bits]) => {
    return [at, at.kind() === 'ipv4' ? bits % 33 : bits] as const;
  });

  it('contain the addresses that match one of them and no others', () => {
    fc.assert(
      fc.property(fc.array(network, { maxLength: 12 }), fc.array(address), (list, addresses) => {
        const networks = new Networks();
        for (const [at, bits] of list) networks.add(at, bits);
        for (const one of addresses) {
          const isIn = list.some(([at, bits]) => at.kind() === one.kind() && one.match(at, bits));
          expect(networks.has(one), `${one.toString()} in ${list.join(' ')}`).to.equal(isIn);
        }
      }),
    );
  });

  it('accept a new entry after a query', () => {
    const networks = new Networks();
    expect(networks.has(ipaddr.parse('8.8.8.8'))).to.equal(false);
    networks.add(ipaddr.parse('9.0.0.0'), 8);
    expect(networks.has(ipaddr.parse('8.8.8.8'))).to.equal(false);
    networks.add(ipaddr.parse('8.0.0.0'), 8);
    expect(networks.has(ipaddr.parse('8.8.8.8'))).to.equal(true);
  });
});

describe('URL prefixes of an allow list', () => {
  it('match what begins with one of them and nothing else', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '/', '\u{1f600}'), { maxLength: 5 })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(fc.array(text), fc.array(text), (list, texts) => {
        const prefixes = new Prefixes();
        for (const prefix of list) prefixes.add(prefix);
        for (const one of texts)
          expect(prefixes.hasPrefixOf(one), `${one} with ${list.join(' ')}`).to.equal(
            list.some((prefix) => one.startsWith(prefix)),
          );
      }),
    );
  });
});

describe('A long allow list', () => {
  /** Processor time in ms of 4,000 queries to a list with this number of lines, each time that it is asked. */
  function effortsOf(lines: number): () => number {
    const allowList = Array.from({ length: lines }, (_, index) =>
      index % 2 === 0
        ? `${20 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.0/26`
        : `https://corp.com/${index}/`,
    ).join('\n');
    const guard = createGuard({ allowList });
    expect(guard({ type: 'ip', value: '20.0.2.7' })).to.equal('on the allow list');
    expect(guard({ type: 'url', value: 'https://corp.com/7/x' })).to.equal('on the allow list');
    return () => {
      const start = process.cpuUsage();
      for (let index = 0; index < 2_000; index++) {
        guard({ type: 'ip', value: `91.${index >> 16}.${(index >> 8) & 255}.${index & 255}` });
        guard({ type: 'url', value: `https://corp.com/${index}` });
      }
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    };
  }

  it('is searched in logarithmic time', () => {
    effortsOf(100)();
    const best = (lines: number): number => Math.min(...[1, 2, 3, 4].map(effortsOf(lines)));
    // Searched line by line, one that is 100 times as long takes 100 times as long.
    expect(best(20_000)).to.be.below(10 * best(200));
  });
});
