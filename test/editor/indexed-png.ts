import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Enough for the fills, lines and letters of a flow to look the same. */
const COLORS = 96;

/**
 * A screenshot (PNG, 8 bits, RGB or RGBA, as Chromium writes it) with a palette: about a third of the bytes for a drawing of few colors. The
 * most frequent colors stay as they are; each other one, at the edges of letters, becomes the nearest of them. Opaque afterwards.
 */
export function indexedPng(png: Buffer): Buffer {
  const { width, height, bytes, pixels } = decoded(png);
  const colors = new Uint32Array(width * height);
  const counts = new Map<number, number>();
  for (let at = 0; at < colors.length; at++) {
    const color = pixels.readUIntBE(at * bytes, 3);
    colors[at] = color;
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const frequent = [...counts].sort(([, a], [, b]) => b - a).map(([color]) => color);
  const palette = frequent.slice(0, COLORS);
  const indexes = new Map(frequent.map((color) => [color, nearest(color, palette)]));
  // A row begins with its filter: none, as the neighbors of an index say nothing of it.
  const rows = Buffer.alloc((width + 1) * height);
  colors.forEach((color, at) => {
    rows[at + Math.floor(at / width) + 1] = indexes.get(color) ?? 0;
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const table = Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function nearest(color: number, palette: readonly number[]): number {
  const distance = (other: number): number =>
    [16, 8, 0].reduce((sum, shift) => sum + (((color >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);
  let best = 0;
  for (let index = 1; index < palette.length; index++)
    if (distance(palette[index] ?? 0) < distance(palette[best] ?? 0)) best = index;
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}

interface Pixels {
  width: number;
  height: number;
  /** For one pixel: 3 or 4. */
  bytes: number;
  pixels: Buffer;
}

function decoded(png: Buffer): Pixels {
  const [width, height, bytes] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25] === 6 ? 4 : 3];
  const parts: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const data = inflateSync(Buffer.concat(parts));
  const pixels = Buffer.alloc(width * height * bytes);
  const line = width * bytes;
  for (let row = 0; row < height; row++)
    for (let at = 0; at < line; at++) {
      const to = row * line + at;
      const left = at < bytes ? 0 : (pixels[to - bytes] ?? 0);
      const up = row === 0 ? 0 : (pixels[to - line] ?? 0);
      const corner = at < bytes || row === 0 ? 0 : (pixels[to - line - bytes] ?? 0);
      const value = data[row * (line + 1) + 1 + at] ?? 0;
      pixels[to] = value + predicted(data[row * (line + 1)] ?? 0, left, up, corner);
    }
  return { width, height, bytes, pixels };
}

/** By the filter of the row; https://www.w3.org/TR/png-3/#9Filters */
function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter < 3) return [0, left, up][filter] ?? 0;
  if (filter === 3) return (left + up) >> 1;
  const estimate = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(estimate - value)) as [number, number, number];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
