import { runtime } from '../runtime/current';

const FROM = '\nFrom ';
const LINE = /^From \S{1,200} .{0,60}\d\d:\d\d/;

/** Lines that may part two mails, between two chances for others to have a turn: about a millisecond. */
const LINES_OF_A_TURN = 1024;

/**
 * The mails of a file that keeps several (mbox), each without the line that parts it from the one before; of any other file the one mail.
 * Undefined wherever somebody else may have a turn.
 */
export function* mailsOfMbox(file: Uint8Array): Generator<Uint8Array | undefined> {
  let start = afterBlank(file);
  if (!isSeparator(file, start)) {
    yield file.subarray(start);
    return;
  }
  while (start < file.length) {
    const begin = afterLine(file, start);
    let next = runtime.indexOf(file, FROM, begin);
    for (let lines = 1; next >= 0 && !isSeparator(file, next + 1); lines++) {
      if (lines % LINES_OF_A_TURN === 0) yield undefined;
      next = runtime.indexOf(file, FROM, next + 1);
    }
    const end = next < 0 ? file.length : next + 1;
    yield file.subarray(begin, end);
    start = end;
  }
}

function isSeparator(file: Uint8Array, at: number): boolean {
  return LINE.test(runtime.latin1Of(file.subarray(at, at + 300)));
}

function afterLine(file: Uint8Array, at: number): number {
  const end = file.indexOf(0x0a, at);
  return end < 0 ? file.length : end + 1;
}

/** A byte order mark and empty lines may stand before the header. */
function afterBlank(file: Uint8Array): number {
  return /^(?:\u00ef\u00bb\u00bf)?\s{0,64}/.exec(runtime.latin1Of(file.subarray(0, 80)))?.[0].length ?? 0;
}
