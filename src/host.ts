/**
 * The second door, for a program that hosts services as Node-RED does: what is to outlive a service or the process, and what tests and
 * simulations need. Other programs need the main door only.
 *
 * @packageDocumentation
 */
import type { HostOptions } from './lookup/options';
import { VirusTotalService as LookupService } from './lookup/service';
import type { VirusTotalService } from './virustotal-service';

/**
 * Makes a service with what its host adds. Close it at the end: it holds sockets and timers.
 *
 * @throws VirusTotalError `VT_CONFIG` when an option is not valid or the API key is missing; the message names it
 */
export function createService(options: HostOptions): VirusTotalService {
  return new LookupService(options);
}

export { KeyRegistry } from './lookup/key-registry';
export type { HostOptions, ServiceOptions } from './lookup/options';
export type { QuotaCounts, QuotaStore, StoredCounts } from './lookup/quota-count';
export type { RestartRecord } from './lookup/restart-record';
export type {
  LookupOptions,
  QuotaUse,
  ServiceEvents,
  ServiceStats,
  VirusTotalService,
  VirusTotalServiceConstructor,
} from './virustotal-service';
export type { ProxyOptions, TlsOptions } from './api/options';
export type { Indicator, IocType } from './ioc/ioc';
export type { Report, ReportType, ResponseCode, Scan } from './report/report';
