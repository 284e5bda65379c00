import { install, type Clock } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import jsonata from 'jsonata';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readExample } from '../support/example-flow';
import { FunctionNode } from '../support/function-node';
import { withRecipe } from '../support/recipe';

const sshd = (message: string): string => `<38>Nov 17 08:41:09 bastion sshd[4211]: ${message}`;

/** A port of 127.0.0.1 at which no program receives UDP. */
async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

describe('The recipe 19-block-list', () => {
  let port = 0;
  const recipe = withRecipe('19-block-list.json', {
    change: ({ type }) => (type === 'udp in' ? { port: String(port), iface: '127.0.0.1' } : {}),
  });
  const socket = createSocket('udp4');

  /** Deploys the recipe with a port of its own, and waits until it listens. */
  async function deploy(env: Record<string, string> = {}): Promise<void> {
    const { nodeRed } = recipe;
    for (;;) {
      port = await freeUdpPort();
      const from = nodeRed.log.length;
      const says = (what: RegExp): boolean => what.test(nodeRed.log.slice(from));
      await recipe.deploy(env);
      const listens = new RegExp(`udp listener at 127\\.0\\.0\\.1:${port}\\b`);
      const taken = /EADDRINUSE/;
      await nodeRed.until(() => says(listens) || says(taken));
      if (says(listens)) return;
    }
  }
  beforeEach(() => deploy());
  after(() => socket.close());

  const send = (line: string): Promise<void> =>
    new Promise((resolve, reject) =>
      socket.send(line, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
    );
  const list = async (query = ''): Promise<string> =>
    (await recipe.nodeRed.request(`/blocklist${query}`)).text();

  it('lists the malicious addresses of sshd and of each firewall, as lines and as a RouterOS script', async () => {
    const lines: [string, string][] = [
      ['192.52.193.1', sshd('Failed password for invalid user admin from 192.52.193.1 port 51234 ssh2')],
      [
        '192.52.193.2',
        sshd('message repeated 2 times: [ Failed password for root from 192.52.193.2 port 5 ssh2]'),
      ],
      ['192.52.193.3', sshd('Connection closed by invalid user pi 192.52.193.3 port 51234 [preauth]')],
      [
        '2001:470:1:2::3',
        '<38>Nov 17 08:41:09 b sshd-session[1]: Invalid user x from 2001:470:1:2::3 port 51234',
      ],
      [
        '192.52.193.4',
        '<4>Nov 17 08:41:09 gw kernel: [UFW BLOCK] IN=eth0 OUT= MAC=00 SRC=192.52.193.4 DST=10.0.0.5 LEN=40',
      ],
      [
        '192.52.193.5',
        '<4>Nov 17 08:41:09 udm kernel: [WAN_LOCAL-D-4001]IN=eth8 OUT= SRC=192.52.193.5 DST=10.0.0.5 LEN=40',
      ],
      [
        '192.52.193.15',
        '<13>Nov 17 08:41:09 gateway [CUSTOM1_WAN-R-10000] DESCR="Reject all" IN=eth8 OUT= SRC=192.52.193.15 DST=10.0.0.5 LEN=60 PROTO=TCP',
      ],
      [
        '192.52.193.16',
        '<134>Nov 17 08:41:09 router firewall,info DROP-WAN input: in:ether1 out:(unknown 0), connection-state:new proto TCP (SYN), 192.52.193.16:51234->10.0.0.1:22, NAT 192.52.193.16:51234->(10.0.0.1:22->10.0.0.9:22), len 60',
      ],
      [
        '192.52.193.6',
        '<134>Nov 17 08:41:09 filterlog[83211]: 5,,,1000000103,igb0,match,block,in,4,0x0,,240,54321,0,none,6,tcp,40,192.52.193.6,10.0.0.5,51234,22,0,S,1,,1024,,',
      ],
      [
        '2001:470:1:2::7',
        '<134>1 2026-11-17T08:41:09+00:00 fw filterlog 83211 - [meta sequenceId="1"] 5,,,1000000103,igb0,match,block,in,6,0x00,0x00000,64,tcp,6,40,2001:470:1:2::7,2001:470:1:2::1,51234,22,0,S,1,,1024,,',
      ],
      [
        '192.52.193.8',
        'firewall,info drop input: in:ether1 out:(unknown 0), proto TCP (SYN), 192.52.193.8:51234->10.0.0.1:22, len 60',
      ],
    ];
    for (const [address] of lines) recipe.vt.know(address, 9);
    recipe.vt.know('192.52.193.9', 0);
    expect(await list()).to.equal('');
    for (const [, line] of lines) await send(line);
    await send(sshd('Failed password for root from 192.52.193.9 port 51234 ssh2'));
    await recipe.shown('Blocked', lines.length);
    await recipe.shown('Not blocked');

    const addresses = lines.map(([address]) => address);
    expect((await list()).trim().split('\n')).to.have.members(addresses);
    const script = (await list('?for=mikrotik')).trim().split('\n');
    expect(script).to.have.length(lines.length);
    for (const line of script)
      expect(line).to.match(
        /^:do \{ \/(ip firewall address-list add list=virustotal address=[0-9.]+|ipv6 firewall address-list add list=virustotal address=[0-9a-f:]+) timeout=(8[56]\d{3})s \} on-error=\{\}$/,
      );
  });

  it('asks once for an address, and for none of a line that is no attack', async () => {
    recipe.vt.know('192.52.193.1', 9);
    await send(sshd('Accepted publickey for jane from 192.52.193.3 port 51234 ssh2: ED25519 SHA256:made-up'));
    await send(
      '<134>filterlog[1]: 5,,,1,igb0,match,pass,in,4,0x0,,240,1,0,none,6,tcp,40,192.52.193.6,10.0.0.5,1,22,0,S,1,,1,,',
    );
    await send(
      '<13>Nov 17 08:41:09 gateway [LAN_IN-A-2000] DESCR="Allow, then BLOCK" IN=br0 OUT=eth8 SRC=192.52.193.7 DST=10.0.0.5 LEN=60 PROTO=TCP',
    );
    await send(sshd('Failed password for root from 192.52.193.1 port 51234 ssh2'));
    await send(sshd('Failed password for root from 192.52.193.1 port 51235 ssh2'));
    await send(sshd('Failed password for root from 10.20.4.31 port 51235 ssh2'));
    await recipe.shown('Blocked');
    await recipe.shown('Not blocked');
    expect(recipe.asked()).to.deep.equal(['192.52.193.1']);
  });

  it('is not led to an address by a user name', async () => {
    recipe.vt.know('192.52.193.66', 9);
    recipe.vt.know('192.52.193.9', 0);
    recipe.vt.know('192.52.193.10', 0);
    await send(
      sshd(
        'Failed password for invalid user x from 192.52.193.66 port 22 ssh2 from 192.52.193.9 port 51234 ssh2',
      ),
    );
    await send(sshd('Invalid user "}; SRC=192.52.193.66 BLOCK filterlog from 192.52.193.10 port 51234'));
    await recipe.shown('Not blocked', 2);
    expect(recipe.asked()).to.have.members(['192.52.193.9', '192.52.193.10']);
    expect(await list()).to.equal('');
  });

  it('shows a failed lookup and asks again at the next line', async () => {
    recipe.vt.know('192.52.193.1', 9);
    recipe.vt.script({ '192.52.193.1': [{ status: 400 }] });
    await send(sshd('Failed password for root from 192.52.193.1 port 51234 ssh2'));
    await recipe.shown('Lookup failed');
    await send(sshd('Failed password for root from 192.52.193.1 port 51234 ssh2'));
    await recipe.shown('Blocked');
    expect(await list()).to.equal('192.52.193.1\n');
  });

  it('empties the list when told to', async () => {
    recipe.vt.know('192.52.193.2', 9);
    await send(sshd('Failed password for root from 192.52.193.2 port 51234 ssh2'));
    await recipe.shown('Blocked');
    expect(await list()).to.equal('192.52.193.2\n');
    await recipe.press('Empty the list');
    await recipe.shown('Emptied');
    expect(await list()).to.equal('');
  });
});

describe('The expiry in the recipe 19-block-list', () => {
  const HOUR = 3_600_000;
  let time: Clock;
  let block: FunctionNode;
  beforeEach(() => {
    time = install({ toFake: ['Date'], now: Date.UTC(2026, 10, 17, 8) });
    block = new FunctionNode(readExample('19-block-list.json'), 'Block it');
  });
  afterEach(() => time.uninstall());

  const add = (resource: string): void => {
    block.run({ analysis: { resource, reasons: [{ code: 'positives', text: '9 of 94 engines' }] } });
  };
  /** What the node of that name answers, by the clock of the test. */
  async function served(name: string): Promise<string> {
    const { rules } = readExample('19-block-list.json').find((node) => node.name === name) as unknown as {
      rules: { to: string }[];
    };
    const expression = jsonata(rules[0]?.to ?? '');
    expression.registerFunction('flowContext', (key: string) => block.flow.get(key));
    return (await expression.evaluate({})) as string;
  }

  it('is BLOCK_HOURS after the last time that an address was judged malicious', async () => {
    block.env.set('BLOCK_HOURS', '24');
    add('192.52.193.1');
    time.tick(10 * HOUR);
    add('192.52.193.2');
    time.tick(14 * HOUR - 1);
    expect(await served('One per line')).to.equal('192.52.193.1\n192.52.193.2\n');
    time.tick(1);
    expect(await served('One per line')).to.equal('192.52.193.2\n');
    add('192.52.193.1');
    time.tick(10 * HOUR);
    expect(await served('One per line')).to.equal('192.52.193.1\n');
    // What is over is not kept either.
    add('192.52.193.3');
    expect(block.flow.get('blocked')).to.have.length(2);
  });

  it('is 24 hours where BLOCK_HOURS is not set, and counts down in the script for RouterOS', async () => {
    add('192.52.193.1');
    add('2001:470:1:2::3');
    time.tick(23 * HOUR);
    expect((await served('RouterOS script')).split('\n')).to.deep.equal([
      ':do { /ip firewall address-list add list=virustotal address=192.52.193.1 timeout=3600s } on-error={}',
      ':do { /ipv6 firewall address-list add list=virustotal address=2001:470:1:2::3 timeout=3600s } on-error={}',
      '',
    ]);
    time.tick(HOUR);
    expect(await served('RouterOS script')).to.equal('');
  });
});
