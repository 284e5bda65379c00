import { expect } from 'chai';
import { redisAddress, redisSecrets } from '../../../src/lookup/redis/address';
import type { VirusTotalError } from '../../../src/errors';

describe('A Redis URL', () => {
  const PLAIN = {
    tls: false,
    username: undefined,
    password: undefined,
    db: 0,
    sentinel: undefined,
    cluster: false,
  };
  const at = (host: string, port = 6379) => ({ hosts: [{ host, port }] });

  for (const [url, address] of [
    ['redis://redis.example.com', { ...PLAIN, ...at('redis.example.com') }],
    ['redis://redis.example.com:6380/', { ...PLAIN, ...at('redis.example.com', 6380) }],
    ['REDIS://127.0.0.1/2', { ...PLAIN, ...at('127.0.0.1'), db: 2 }],
    ['redis://[::1]:6380/15', { ...PLAIN, ...at('::1', 6380), db: 15 }],
    ['  rediss://redis.example.com \n', { ...PLAIN, ...at('redis.example.com'), tls: true }],
    ['redis://:pass@h', { ...PLAIN, ...at('h'), password: 'pass' }],
    ['redis://user@h', { ...PLAIN, ...at('h'), username: 'user' }],
    [
      'redis://us%2Fer:p%40ss%3A%25:x@h/1',
      { ...PLAIN, ...at('h'), username: 'us/er', password: 'p@ss:%:x', db: 1 },
    ],
    [
      'redis://a,b:26380,[::2]?sentinel=mymaster',
      {
        ...PLAIN,
        hosts: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 26_380 },
          { host: '::2', port: 26_379 },
        ],
        sentinel: 'mymaster',
      },
    ],
    [
      'rediss://u:p@a,b:7001?cluster=true',
      {
        hosts: [
          { host: 'a', port: 6379 },
          { host: 'b', port: 7001 },
        ],
        ...{ tls: true, username: 'u', password: 'p', db: 0, sentinel: undefined, cluster: true },
      },
    ],
    ['redis://h?cluster=false', { ...PLAIN, ...at('h') }],
  ] as const) {
    it(`is read: ${JSON.stringify(url)}`, () => {
      expect(redisAddress(url)).to.deep.equal(address);
    });
  }

  for (const [url, why] of [
    ['', /there is none/],
    ['   ', /there is none/],
    ['${REDIS_URL}', /environment variable REDIS_URL/],
    ['http://h', /must look like redis:/],
    ['redis.example.com:6379', /must look like redis:/],
    ['redis://', /must look like redis:/],
    ['redis://h:0', /host or a port/],
    ['redis://h:99999', /host or a port/],
    ['redis://h:x', /host or a port/],
    ['redis://h/db', /number of the database/],
    ['redis://a,b', /several hosts need/],
    ['redis://a?cluster=true&sentinel=m', /exclude each other/],
    ['redis://a/1?cluster=true', /only database 0/],
    ['redis://a?timeout=3', /only sentinel=NAME and cluster=true/],
    ['redis://:sec%ret@h', /% that encodes nothing/],
  ] as const) {
    it(`is refused, without quoting it: ${JSON.stringify(url)}`, () => {
      expect(() => redisAddress(url))
        .to.throw(why)
        .with.property('code', 'VT_CONFIG');
    });
  }

  it('is quoted nowhere when it is not readable, because it may contain a password', () => {
    for (const url of [
      'redis://u:hunter2@h:x',
      'hunter2',
      'redis://hunter2',
      'redis://h/hunter2',
      'redis://h?hunter2',
    ]) {
      try {
        redisAddress(url);
      } catch (error) {
        expect((error as VirusTotalError).message).not.to.include('hunter2');
      }
    }
  });

  it('is a secret as a whole, and so is its password, decoded or not', () => {
    const url = 'redis://user:p%40ss@h';
    expect(redisSecrets(url)).to.deep.equal([url, 'p@ss']);
    expect(redisSecrets('redis://u:pass@h:x')).to.deep.equal(['redis://u:pass@h:x']);
    expect(redisSecrets(undefined)).to.deep.equal([]);
  });
});
