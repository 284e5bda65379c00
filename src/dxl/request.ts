import type { Indicator, IocType } from '../ioc/ioc';

/** Topics of the OpenDXL VirusTotal service; it passes API v2's bodies on as they are. */
const SERVICE = '/opendxl-virustotal/service/vtapi';

const REQUESTS: Record<IocType, { topic: string; field: string }> = {
  domain: { topic: 'domain/report', field: 'domain' },
  file: { topic: 'file/report', field: 'resource' },
  ip: { topic: 'ip-address/report', field: 'ip' },
  url: { topic: 'url/report', field: 'resource' },
};

/** What a DXL request node sends to have the report of an indicator from an OpenDXL VirusTotal service. */
export function dxlRequest({ type, value }: Indicator): { topic: string; payload: Record<string, string> } {
  const { topic, field } = REQUESTS[type];
  return { topic: `${SERVICE}/${topic}`, payload: { [field]: value } };
}
