import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { VirusTotalError } from '../src/api/errors';
import { testKey } from '../src/lookup/key-test';
import { IocGate } from '../src/lookup/ioc-gate';
import type { VirusTotalService } from '../src/lookup/service';
import type { ConfigNode } from './config-node';
import { serviceOptions } from './service-options';

/** What the editor shows for a password that is stored: it is never sent to it. */
const STORED = '__PWRD__';

/** What a test of the stored key depends on; it is made with the deployed values of these only. */
const REACH = ['apiVersion', 'apiUrl', 'tls', 'proxy'] as const;

/** What the editor's dialogs ask the runtime. Registered once, when the node set is loaded. */
export function registerAdminRoutes(RED: NodeAPI): void {
  const read = RED.auth.needsPermission('virustotal.read');
  const write = RED.auth.needsPermission('virustotal.write');
  RED.httpAdmin.post('/virustotal/test', write, (req, res) => void test(RED, req, res));
  RED.httpAdmin.get('/virustotal/state/:id', read, (req, res) => state(RED, req, res));
  RED.httpAdmin.post('/virustotal/cache/:id/clear', write, (req, res) => clearCache(RED, req, res));
  RED.httpAdmin.post('/virustotal/extract', read, (req, res) => extract(req, res));
}

async function test(RED: NodeAPI, req: Request, res: Response): Promise<void> {
  try {
    const body = fields(req.body);
    const typed = typeof body['apiKey'] === 'string' && body['apiKey'] !== STORED ? body['apiKey'] : '';
    const quota = typed
      ? await testKey(serviceOptions(RED, body, { apiKey: fromEnvironment(typed) }))
      : await deployedFor(RED, body).test();
    res.json({ ok: true, quota: quota ?? null });
  } catch (error) {
    const { code, message } = asError(error);
    res.json({ ok: false, code, message });
  }
}

/**
 * The deployed service, to test the key that is stored. The request says where the dialog points by now: if that is elsewhere, the
 * stored key is not sent there.
 */
function deployedFor(RED: NodeAPI, body: Record<string, unknown>): VirusTotalService {
  const config = configNode(RED, body['id']);
  if (!config)
    throw new VirusTotalError('VT_CONFIG', 'There is no deployed key to test: paste the API key first');
  const moved = REACH.filter((name) => (body[name] ?? '') !== (config.reach[name] ?? ''));
  if (moved.length > 0)
    throw new VirusTotalError(
      'VT_CONFIG',
      `The stored key is tested with the deployed settings only, and ${moved.join(', ')} differ: deploy first, or paste the key again`,
    );
  if (config.service) return config.service;
  throw config.problem ?? new VirusTotalError('VT_CONFIG', 'The deployed config can not be used');
}

function state(RED: NodeAPI, req: Request, res: Response): void {
  const service = configNode(RED, req.params['id'])?.service;
  if (service) res.json(service.state());
  else res.status(404).json({ error: { code: 'VT_CONFIG', message: 'This config is not deployed' } });
}

function clearCache(RED: NodeAPI, req: Request, res: Response): void {
  const service = configNode(RED, req.params['id'])?.service;
  if (service) res.json({ cleared: service.clearCache() });
  else res.status(404).json({ error: { code: 'VT_CONFIG', message: 'This config is not deployed' } });
}

function extract(req: Request, res: Response): void {
  try {
    const { text, hosts, skipPrivate, allowList } = fields(req.body);
    if (typeof text !== 'string') throw new VirusTotalError('VT_INVALID_IOC', 'There is no text to search');
    const gate = new IocGate({
      skipPrivate: skipPrivate !== false,
      allowList: typeof allowList === 'string' ? allowList : '',
    });
    res.json(gate.extract(text, { hosts: hosts === true }));
  } catch (error) {
    const { code, message } = asError(error);
    res.status(400).json({ error: { code, message } });
  }
}

function fields(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function configNode(RED: NodeAPI, id: unknown): ConfigNode | undefined {
  const node = typeof id === 'string' ? (RED.nodes.getNode(id) as ConfigNode | null) : null;
  return node?.type === 'virustotal-config' ? node : undefined;
}

/** A typed `${NAME}` stands for the environment's value, as it will once deployed. */
function fromEnvironment(typed: string): string {
  const name = /^\$\{([^}]+)\}$/.exec(typed.trim())?.[1];
  return (name && process.env[name]) || typed;
}

function asError(error: unknown): { code: string; message: string } {
  if (error instanceof VirusTotalError) return error;
  return { code: 'VT_CONFIG', message: error instanceof Error ? error.message : String(error) };
}
