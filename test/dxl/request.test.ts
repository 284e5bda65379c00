import { expect } from 'chai';
import { dxlRequest } from '../../src/dxl/request';

describe('A request to an OpenDXL VirusTotal service', () => {
  for (const [type, value, topic, payload] of [
    ['domain', 'evil.com', 'domain/report', { domain: 'evil.com' }],
    ['file', '0'.repeat(32), 'file/report', { resource: '0'.repeat(32) }],
    ['url', 'http://evil.com/a', 'url/report', { resource: 'http://evil.com/a' }],
    ['ip', '93.184.216.34', 'ip-address/report', { ip: '93.184.216.34' }],
  ] as const)
    it(`asks for a ${type} on ${topic}`, () => {
      expect(dxlRequest({ type, value })).to.deep.equal({
        topic: `/opendxl-virustotal/service/vtapi/${topic}`,
        payload,
      });
    });
});
