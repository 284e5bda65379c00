import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { endWithProcess } from '../../tools/end-with-process';

const PACKAGE_ROOT = join(__dirname, '..', '..');

/** What a program in a process of its own needs to use the package against the stand-in, which has one too. */
export interface Place {
  urls: { v2: string; v3: string };
  apiKey: string;
  /** User folder for Node-RED, with the package in it as it was built. */
  userDir: string;
}

/** Gives a place to work in, and takes it away afterwards. */
export async function withPlace<T>(work: (place: Place, vt: StandInProcess) => Promise<T>): Promise<T> {
  const vt = await StandInProcess.start();
  endWithProcess(vt.child);
  const userDir = mkdtempSync(join(tmpdir(), 'faults-'));
  try {
    installIn(userDir);
    return await work({ urls: { v2: vt.v2, v3: vt.v3 }, apiKey: vt.apiKey, userDir }, vt);
  } finally {
    await vt.stop();
    rmSync(userDir, { recursive: true, force: true });
  }
}

/** Puts the package, as it was built, into a user folder of Node-RED. */
export function installIn(userDir: string): void {
  const link = join(userDir, 'node_modules', '@nr-threat-intel', 'node-red-virustotal');
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(PACKAGE_ROOT, link);
}

/** Runs a program of this folder with its plan, and waits for what it finds and for its end, which may be a violent one. */
export function inProcess<F>(program: string, plan: object): Promise<F> {
  const child = endWithProcess(
    fork(join(__dirname, program), [JSON.stringify(plan)], {
      execArgv: ['--import=tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
  );
  return new Promise((resolve, reject) => {
    let answer: { findings?: F; error?: string } | undefined;
    child.once('message', (message: typeof answer) => (answer = message));
    const end = new Promise<number | string>((ended) =>
      child.once('exit', (code, signal) => ended(code ?? signal ?? '')),
    );
    // What it has sent may be read after its exit.
    child.once('disconnect', () => {
      void end.then((how) => {
        if (answer?.findings) resolve(answer.findings);
        else reject(new Error(answer?.error ?? `${program} ended: ${how}`));
      });
    });
  });
}
