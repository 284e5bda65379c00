import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];
const PLACES = [
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Starts Chromium with a fresh profile; installs it first where there is none. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? installChromium(),
    args: [
      // A container's root has no user namespaces for the sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      // Nothing but the machine itself is there to be asked. (To intercept requests would turn the cache off.)
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      '--disable-gpu',
      '--disable-background-networking',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

function findChromium(): string | undefined {
  const told = process.env['CHROMIUM_PATH'];
  if (told) {
    if (isProgram(told)) return told;
    throw new Error(`CHROMIUM_PATH is ${told}, where no program is`);
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...PLACES, chromium.executablePath()].find(isProgram);
}

function installChromium(): string {
  const isDebian = process.platform === 'linux' && process.getuid?.() === 0 && isProgram('/usr/bin/apt-get');
  try {
    if (isDebian) {
      console.log('No Chromium here: installing the Debian package');
      // The font has what Japanese and Chinese screenshots need.
      const packages = ['chromium', 'fonts-wqy-microhei'];
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      execFileSync('apt-get', ['-qq', 'update'], { stdio: 'ignore', env });
      execFileSync('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...packages], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env,
      });
    } else {
      console.log("No Chromium here: taking Playwright's own");
      const cli = join(dirname(createRequire(__filename).resolve('playwright-core/package.json')), 'cli.js');
      execFileSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'inherit' });
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(
    'The tests of the editor need Chromium. None was found and none could be installed: install Chromium or Chrome, or name it in CHROMIUM_PATH',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
