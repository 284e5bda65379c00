import { expect } from 'chai';
import type { Report } from '../../src/report/report';
import type { FlowOptions } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

const MB = 'x'.repeat(1024 * 1024);
const MD5 = '0f'.repeat(16);

/** What a node may be given, and what the error has to say about it. */
const BAD: [what: string, action: string, payload: unknown, says: RegExp][] = [
  ['nothing', 'domain', undefined, /missing/],
  ['null', 'domain', null, /null/],
  ['an empty string', 'domain', '', /empty/],
  ['spaces only', 'url', ' \n\t', /empty/],
  ['a number', 'file', 42, /a number/],
  ['true', 'ip', true, /a boolean/],
  ['an object', 'domain', { domain: 'qorlane.com' }, /an object/],
  ['a list of a thousand', 'domain', Array(1000).fill('qorlane.com'), /an array/],
  ['a Buffer', 'domain', Buffer.from('qorlane.com'), /a Buffer of 11 bytes/],
  ['a megabyte of text', 'domain', MB, /1048576 characters/],
  ['a megabyte of text', 'url', `http://qorlane.com/${MB}`, /characters/],
  ['an IP address', 'domain', '192.31.196.14', /^Not a domain: "192\.31\.196\.14" is an IP address$/],
  ['a domain', 'ip', 'qorlane.com', /^Not an IP address: "qorlane\.com" is a domain$/],
  ['a URL', 'domain', 'http://qorlane.com/', /^Not a domain: .* is a URL$/],
  ['a hash', 'url', MD5, /^Not a URL: .* is a file hash$/],
  ['a hash that lacks a digit', 'file', MD5.slice(1), /has 31 hex digits; MD5 has 32/],
  ['a hash with a stray letter', 'file', `${MD5.slice(1)}g`, /^Not a file hash: /],
  ['an SHA-512', 'file', '0f'.repeat(64), /has 128 hex digits/],
  ['a javascript: URL', 'url', 'javascript:alert(1)', /is a javascript URL/],
  ['a file: URL', 'url', 'file:///etc/passwd', /is a file URL/],
  ['an IP address with a port', 'ip', '192.31.196.14:8080', /with a port/],
  ['an IP address with a path', 'ip', '192.31.196.14/login', /with a path/],
  ['a network', 'ip', '192.31.196.0/24', /is a network/],
  ['a domain with a path', 'domain', 'qorlane.com/a', /with a path/],
  ['nothing', 'search', undefined, /^Nothing to search: msg.payload is missing/],
  ['an empty string', 'search', '', /^Nothing to search: msg.payload is empty/],
];

/** What a source may be that gives no value. */
const UNREADABLE: [what: string, node: Record<string, unknown>, says: RegExp][] = [
  ['a JSONata that throws', { source: '$error("no alert")', sourceType: 'jsonata' }, /no alert/],
  ['a JSONata of the wrong type', { source: '$sum(payload)', sourceType: 'jsonata' }, /JSONata expression/],
  ['a JSONata with a typing mistake', { source: 'payload.(', sourceType: 'jsonata' }, /JSONata expression/],
  [
    'a context store that does not exist',
    { source: '#:(nosuch)::suspect', sourceType: 'global' },
    /"nosuch"/,
  ],
  [
    'a context store that does not exist',
    { source: '#:(nosuch)::suspect', sourceType: 'flow' },
    /no context store "nosuch"/,
  ],
  ['a path that is none', { source: 'payload..name', sourceType: 'msg' }, /message property "payload..name"/],
  ['a path that is none', { source: '["', sourceType: 'flow' }, /flow context/],
];

describe('A VirusTotal node with a value that is no indicator', () => {
  const fixture = withStandIn();

  /** Sends the bad message, then a good one: only the good one is asked for. */
  async function sendBadThenGood(payload: unknown, options: FlowOptions) {
    const flow = await fixture.deploy({
      ...options,
      more: [{ id: 'good', z: 'tab', type: 'virustotal', server: 'vt', action: 'domain', wires: [['out']] }],
    });
    flow.node.context().global.set('suspect', 'qorlane.com');
    flow.node.context().flow.set('suspect', 'qorlane.com');
    flow.send({ ...(payload === undefined ? {} : { payload }), topic: 'bad' });
    await flow.ended(1);
    flow.nodeAt('good').receive({ payload: 'meridane.com' });
    await flow.ended(2);
    expect(flow.out.at(-1)?.payload).to.include({ resource: 'meridane.com', response_code: 1 });
    expect(fixture.asked()).to.deep.equal(['meridane.com']);
    return flow;
  }

  beforeEach(() => fixture.vt.know('meridane.com', 1));

  for (const [what, action, payload, says] of BAD) {
    it(`fails with VT_INVALID_IOC for ${what} as ${action}, sends no request and accepts the next message`, async () => {
      const flow = await sendBadThenGood(payload, { node: { action } });
      const [caught] = flow.caught;
      expect(flow.caught).to.have.length(1);
      expect(caught?.error).to.include({ code: 'VT_INVALID_IOC' });
      expect(caught?.error.message).to.match(says);
      expect(caught?.error.message.length, 'a message that a person can read').to.be.below(500);
      expect(caught?.topic).to.equal('bad');
      await flow.until(() => flow.statusText() === 'not an indicator');
    });
  }

  for (const [what, node, says] of UNREADABLE) {
    it(`fails with VT_CONFIG for ${what} (${node['sourceType'] as string}), sends no request and accepts the next message`, async () => {
      const flow = await sendBadThenGood('text', { node: { action: 'domain', ...node } });
      expect(flow.caught).to.have.length(1);
      expect(flow.caught[0]?.error).to.include({ code: 'VT_CONFIG' });
      expect(flow.caught[0]?.error.message).to.match(says);
    });
  }

  it('finds the context stores of the settings and the default one by name', async () => {
    const flow = await fixture.deploy({
      contextStores: ['ram', 'soc'],
      node: { action: 'domain', sourceType: 'global', source: '#:(soc)::suspect' },
      more: [
        {
          id: 'd',
          z: 'tab',
          type: 'virustotal',
          server: 'vt',
          action: 'domain',
          sourceType: 'global',
          source: '#:(default)::suspect',
          wires: [['out']],
        },
      ],
    });
    flow.node.context().global.set('suspect', 'qorlane.com', 'soc');
    flow.node.context().global.set('suspect', 'meridane.com', 'ram');
    flow.send({});
    flow.nodeAt('d').receive({});
    await flow.ended(2);
    expect(flow.caught).to.deep.equal([]);
    expect(fixture.asked()).to.have.members(['qorlane.com', 'meridane.com']);
  });

  it('sends the failure on as an error report with onError "report"', async () => {
    const flow = await sendBadThenGood('10.1.2.3', { node: { action: 'domain', onError: 'report' } });
    expect(flow.caught).to.deep.equal([]);
    const report = flow.out[0]?.payload as Report;
    expect(report).to.include({ type: 'domain', resource: '10.1.2.3', response_code: -1 });
    expect(report.error).to.include({ code: 'VT_INVALID_IOC' });
    expect(report.verbose_msg).to.equal(report.error?.message);
    expect(flow.out[0]).to.include({ topic: 'bad' });
  });

  it('searches numbers, booleans and empty objects without an error', async () => {
    const flow = await fixture.deploy();
    for (const payload of [42, true, {}, [], Buffer.alloc(0), MB]) flow.send({ payload });
    await flow.ended(6);
    expect(flow.caught).to.deep.equal([]);
    expect(flow.out.map(({ virustotal }) => (virustotal as { found: number }).found)).to.deep.equal(
      Array(6).fill(0),
    );
  });

  it('refuses to search a value over the limit and names the limit', async () => {
    const flow = await fixture.deploy();
    const deep = Array(100)
      .fill(0)
      .reduce<object>((inside) => [inside], ['qorlane.com']);
    for (const payload of ['qorlane.com '.repeat(800_000), deep]) flow.send({ payload });
    await flow.ended(2);
    expect(flow.caught.map(({ error }) => error.code)).to.deep.equal(['VT_INVALID_IOC', 'VT_INVALID_IOC']);
    expect(flow.caught[0]?.error.message).to.contain('8 MiB');
    expect(flow.caught[1]?.error.message).to.contain('64 levels');
    expect(fixture.asked()).to.deep.equal([]);
  });
});
