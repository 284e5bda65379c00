import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashBytes } from '../../src/ioc/bytes-hash';
import { hashLocalFile } from '../../nodes/local-file';
import { interleaved, type BenchOptions, type Row } from '../measure';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';

const MIB = 1024 * 1024;

/** How fast a file is hashed, by its path and as bytes, beside `sha256sum`. All of them find the file in the system's cache. */
export async function hashingRows(_vt: StandInProcess, { rounds, size }: BenchOptions): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vt-hashing-'));
  const file = join(folder, 'sample.bin');
  const bytes = Math.round(400 * size) * MIB;
  const content = Buffer.alloc(bytes, 'a sample of many bytes ');
  const handle = openSync(file, 'w');
  writeSync(handle, content);
  closeSync(handle);
  try {
    const timed = async (work: () => unknown): Promise<{ speed: number }> => {
      const from = performance.now();
      await work();
      return { speed: bytes / MIB / ((performance.now() - from) / 1000) };
    };
    const { path, memory, theirs } = await interleaved(rounds, {
      path: () => timed(() => hashLocalFile(file, folder)),
      memory: () => timed(() => hashBytes(content)),
      theirs: () =>
        timed(() => {
          const { status } = spawnSync('sha256sum', [file]);
          if (status !== 0) throw new Error('sha256sum is missing');
        }),
    });
    const row = (name: string, speed: number): Row => ({
      row: `hashing: ${name}`,
      against: `sha256sum: ${theirs.speed.toFixed(0)} MiB/s`,
      value: speed / theirs.speed,
      unit: 'times',
      target: 0.8,
      better: 'higher',
      exact: false,
    });
    return [row('a file by its path', path.speed), row('bytes of a message', memory.speed)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
