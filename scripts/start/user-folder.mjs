// Node-RED's user folder for `npm start`, with this package in it.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Puts the package and the example flow into the folder and gives Node-RED's settings for it. The example is put back as it
 * is in the project each time; everything else that was made in the editor stays.
 */
export function prepareUserFolder(root, userDir, { example, config, port, onLog }) {
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  linkPackage(root, join(userDir, 'node_modules', name));
  const flows = example.map((node) => (node.type === 'virustotal-config' ? { ...node, ...config } : node));
  writeFlows(join(userDir, 'flows.json'), flows);
  const [{ id }] = flows.filter(({ type }) => type === 'virustotal-config');
  writeCredentials(join(userDir, 'flows_cred.json'), { [id]: { apiKey: '${VIRUSTOTAL_API_KEY}' } });
  return {
    userDir,
    flowFile: 'flows.json',
    credentialSecret: secret(join(userDir, '.secret')),
    uiHost: '127.0.0.1',
    uiPort: port,
    httpAdminRoot: '/',
    httpNodeRoot: '/',
    // Nothing but VirusTotal is asked over the network: no tour, no telemetry, no palette catalogue.
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false },
    logging: { console: { level: 'off' }, own: { level: 'error', metrics: false, handler: () => onLog } },
  };
}

function linkPackage(root, link) {
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { recursive: true, force: true });
  // A junction needs no special right on Windows.
  symlinkSync(root, link, 'junction');
}

function writeFlows(file, example) {
  const ours = new Set(example.map(({ id }) => id));
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  writeFileSync(file, JSON.stringify([...example, ...before.filter(({ id }) => !ours.has(id))], null, 4));
}

/** Once somebody has deployed in the editor, Node-RED keeps this file encrypted and has the example's key in it. */
function writeCredentials(file, ours) {
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  if (!('$' in before)) writeFileSync(file, JSON.stringify({ ...before, ...ours }), { mode: 0o600 });
}

function secret(file) {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
