import { spawn } from 'node:child_process';

const KILL_AFTER_MS = 10_000;

/** The commands that run, each in a process group of its own, so that all that it has started can be ended with it. */
export class Processes {
  #running = new Set();
  #stopped = false;

  /**
   * Resolves with the exit code, or the name of the signal that ended it.
   *
   * @param {string} command
   * @param {readonly string[]} args
   * @param {{ cwd: string, env: NodeJS.ProcessEnv, write: (text: string) => void }} options `write` gets stdout and stderr as they come
   * @returns {Promise<number | string>}
   */
  run(command, args, { cwd, env, write }) {
    if (this.#stopped) return Promise.resolve('SIGTERM');
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      this.#running.add(child);
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', write);
      child.once('error', (error) => {
        this.#running.delete(child);
        reject(error);
      });
      child.once('close', (code, signal) => {
        this.#running.delete(child);
        resolve(code ?? signal ?? 1);
      });
    });
  }

  /** Ends everything that runs, and starts nothing any more. */
  stop() {
    this.#stopped = true;
    const kill = (signal) => {
      for (const { pid } of this.#running) endGroup(pid, signal);
    };
    kill('SIGTERM');
    setTimeout(() => kill('SIGKILL'), KILL_AFTER_MS).unref();
  }
}

function endGroup(pid, signal) {
  try {
    if (pid) process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
