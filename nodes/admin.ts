import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { oneLine, VirusTotalError } from '../src/errors';
import type { QuotaUsage } from '../src/api/quota-usage';
import type * as VerifyApiKey from '../src/lookup/verify-api-key';
import type * as Filter from '../src/ioc/indicator-filter';
import type { VirusTotalService } from '../src/lookup/service';
import type { ConfigNode } from './config-node';
import { DialogEnvironment, UnknownBeforeDeploy } from './dialog-environment';
import type * as MetricsModule from './metrics';
import type { Metrics } from './metrics';
import type * as Overview from './overview';
import { sameOrigin } from './same-origin';
import type * as Options from './service-options';
import { inBackground } from '../src/in-background';

/** What the editor shows for a password that is stored: it is never sent to it. */
const PASSWORD_PLACEHOLDER = '__PWRD__';

type Fields = Record<string, unknown>;

/** What a test of the stored key depends on; it is made with the deployed values of these only. */
const ENDPOINT_PROPERTIES = ['apiVersion', 'apiUrl', 'tls', 'proxy'] as const;

/** Characters of a text, and of an allow list, that one may try: flows run meanwhile. */
const MAX_PREVIEW_CHARS = 200_000;

/** What the editor's dialogs ask the runtime. Registered once, when the node set is loaded. */
export function registerAdminRoutes(RED: NodeAPI): void {
  const read = RED.auth.needsPermission('virustotal.read');
  const write = RED.auth.needsPermission('virustotal.write');
  const { unreadable, guard, token } = sameOrigin(RED);
  const app = RED.httpAdmin;
  app.get('/virustotal/token', unreadable, read, token);
  app.get('/virustotal/state/:id', unreadable, read, (req, res) => state(RED, req, res));
  app.get('/virustotal/metrics', unreadable, read, (req, res) => metricsOf(RED).answer(req, res));
  app.get('/virustotal/overview', unreadable, read, (req, res) =>
    loadOverview().answerOverview(RED, req, res),
  );
  app.post('/virustotal/test', unreadable, write, guard, (req, res) => inBackground(test(RED, req, res)));
  app.post('/virustotal/cache/:id/clear', unreadable, write, guard, (req, res) => clearCache(RED, req, res));
  app.post('/virustotal/extract', unreadable, read, guard, (req, res) => inBackground(extract(req, res)));
}

/** Loaded with the first key that is tested before its deploy: see `loadConfigService`. */
function loadKeyTest(): typeof VerifyApiKey & typeof Options {
  /* eslint-disable @typescript-eslint/no-require-imports -- an import would load them at once, or not before a promise */
  const verification = require('../src/lookup/verify-api-key') as typeof VerifyApiKey;
  return { ...verification, ...(require('./service-options') as typeof Options) };
  /* eslint-enable @typescript-eslint/no-require-imports */
}

/** Loaded with the first scrape, or with the first config that has them switched on. */
function metricsOf(RED: NodeAPI): Metrics {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return (require('./metrics') as typeof MetricsModule).Metrics.of(RED);
}

/** Loaded with the first sidebar that asks. */
function loadOverview(): typeof Overview {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./overview') as typeof Overview;
}

/** Loaded with the first text that somebody tries. */
function loadFilter(): typeof Filter {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('../src/ioc/indicator-filter') as typeof Filter;
}

async function test(RED: NodeAPI, req: Request, res: Response): Promise<void> {
  const body = fields(req.body);
  const config = configNode(RED, body['id']);
  const environment = new DialogEnvironment(RED, config);
  const { assumed } = environment;
  try {
    const quota = await testKey(RED, body, environment);
    res.json({
      ok: true,
      quota: quota ?? null,
      ...storeOf(config),
      ...(assumed.length > 0 ? { assumed } : {}),
    });
  } catch (error) {
    const { code, message, why, reason } = asError(error);
    res.json({
      ok: false,
      code,
      message,
      why,
      reason,
      ...storeOf(config),
      ...(assumed.length > 0 ? { assumed } : {}),
    });
  }
}

/** Why the deployed config doesn't share its quota and cache now, although it is meant to. */
function storeOf(config: ConfigNode | undefined): { store?: { code: string; text: string } } {
  const store = config?.service?.stats().sharingProblem;
  return store ? { store } : {};
}

/** A typed key is tested where the dialog points by now, and kept nowhere. */
function testKey(
  RED: NodeAPI,
  body: Fields,
  environment: DialogEnvironment,
): Promise<QuotaUsage | undefined> {
  const { config } = environment;
  const typed = body['apiKey'];
  const isStored = typeof typed !== 'string' || typed === '' || typed === PASSWORD_PLACEHOLDER;
  if (isStored && !config)
    throw new UnknownBeforeDeploy(
      'notRunning',
      'Not running: there is no config whose stored key could be tested. It is not deployed yet, it is disabled or part of a subflow, or ' +
        'the flows are stopped, as in safe mode. Deploy it, or paste the key itself',
    );
  const asDeployed: Fields = { ...body };
  for (const name of ENDPOINT_PROPERTIES) asDeployed[name] = environment.valueOf(body[name]);
  if (isStored) return deployedFor(config, asDeployed).verifyKey();
  const apiKey = environment.valueOf(typed);
  // Who may press the button may not thereby have any variable of this machine sent anywhere.
  if (apiKey !== typed && !pointsToVirusTotal(asDeployed)) requireDeployedEndpoint(config, asDeployed);
  const { serviceOptions, verifyApiKey } = loadKeyTest();
  return verifyApiKey(serviceOptions(RED, asDeployed, { apiKey }));
}

/**
 * The deployed service, to test the key that is stored. The request says where the dialog points by now: if that is another endpoint, the
 * stored key is not sent there.
 */
function deployedFor(config: ConfigNode | undefined, asDeployed: Fields): VirusTotalService {
  requireDeployedEndpoint(config, asDeployed);
  if (config?.service) return config.service;
  throw (
    config?.problem ??
    new VirusTotalError(
      'VT_CONFIG',
      'Settings not usable: the deployed VirusTotal config does not work with them',
    )
  );
}

function requireDeployedEndpoint(config: ConfigNode | undefined, asDeployed: Fields): void {
  const moved = ENDPOINT_PROPERTIES.filter(
    (name) => (asDeployed[name] ?? '') !== (config?.endpoint[name] ?? ''),
  );
  if (moved.length > 0)
    throw new VirusTotalError(
      'VT_CONFIG',
      `Not deployed yet: ${moved.join(', ')} differ from what is deployed, and a key that is stored or comes from the environment is ` +
        'tested with the deployed settings only: deploy first, or paste the key itself',
    );
}

function pointsToVirusTotal({ apiUrl, tls, proxy }: Fields): boolean {
  return !apiUrl && !tls && !proxy;
}

function state(RED: NodeAPI, req: Request, res: Response): void {
  const config = configNode(RED, req.params['id']);
  if (!config?.service) return notRunning(res, config);
  // `store` is its name in the admin API.
  const { sharingProblem, ...stats } = config.service.stats();
  res.json({ ...stats, store: sharingProblem });
}

function clearCache(RED: NodeAPI, req: Request, res: Response): void {
  const config = configNode(RED, req.params['id']);
  if (config?.service) res.json({ cleared: config.service.clearCache() });
  else notRunning(res, config);
}

function notRunning(res: Response, config: ConfigNode | undefined): void {
  const { code, message, why } = asError(
    config?.problem ??
      new UnknownBeforeDeploy('notRunning', 'Not running: the flows have no VirusTotal config of this id'),
  );
  res.status(404).json({ error: { code, message, why } });
}

async function extract(req: Request, res: Response): Promise<void> {
  try {
    const { text, hosts, mailDomains, skipPrivate, allowList = '' } = fields(req.body);
    if (typeof text !== 'string')
      throw new VirusTotalError('VT_INVALID_IOC', 'No text: there is no text to search');
    if (typeof allowList !== 'string')
      throw new VirusTotalError(
        'VT_CONFIG',
        'Not valid: the allow list must be text, with one indicator on each line',
      );
    const tooLong = lengthProblem('text', text) ?? lengthProblem('allow list', allowList);
    if (tooLong !== undefined) {
      res.status(413).json({ error: { code: 'VT_INVALID_IOC', message: tooLong } });
      return;
    }
    const filter = new (loadFilter().IndicatorFilter)({ skipPrivate: skipPrivate !== false, allowList });
    res.json(await filter.extract(text, { hosts: hosts === true, mailDomains: mailDomains === true }));
  } catch (error) {
    const { code, message } = asError(error);
    res.status(400).json({ error: { code, message } });
  }
}

function lengthProblem(name: string, { length }: string): string | undefined {
  if (length <= MAX_PREVIEW_CHARS) return undefined;
  return `Too long to try: the ${name} has ${length} characters; the limit here is ${MAX_PREVIEW_CHARS}. A deployed flow takes more`;
}

function fields(body: unknown): Fields {
  return typeof body === 'object' && body !== null ? (body as Fields) : {};
}

function configNode(RED: NodeAPI, id: unknown): ConfigNode | undefined {
  const node = typeof id === 'string' ? (RED.nodes.getNode(id) as ConfigNode | null) : null;
  return node?.type === 'virustotal-config' ? node : undefined;
}

function asError(error: unknown): { code: string; message: string; why?: string; reason?: string } {
  if (error instanceof VirusTotalError) return error;
  return { code: 'VT_CONFIG', message: oneLine(error instanceof Error ? error.message : String(error)) };
}
