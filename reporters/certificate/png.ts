/** PNG files as browsers make them, read and written with the zlib that Node has built in: ten times as quick as one in JavaScript. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

export interface Image {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and opacity, 3 red, green and blue, 4 the same and opacity. */
  readonly channels: number;
  /** Row by row from the top, one byte a channel. */
  readonly data: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const HEADER_BYTES = 13;
/** Channels by colour type; a palette (3) has none. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/**
 * @param maxPixels a file that says it has more is not unpacked.
 * @returns undefined for what is no PNG, is cut off, is larger, or is of a form that browsers do not write: another depth than 8,
 * a palette, interlaced.
 */
export function decodePng(file: Uint8Array, maxPixels: number): Image | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const header = chunks(bytes).next().value;
  if (header?.type !== 'IHDR' || header.data.length !== HEADER_BYTES) return undefined;
  const width = header.data.readUInt32BE(0);
  const height = header.data.readUInt32BE(4);
  const [depth, type = 3, , , interlaced] = header.data.subarray(8);
  const channels = CHANNELS[type];
  if (depth !== 8 || channels === undefined || interlaced !== 0) return undefined;
  if (width === 0 || height === 0 || width * height > maxPixels) return undefined;
  const packed = [...chunks(bytes)].filter((chunk) => chunk.type === 'IDAT').map(({ data }) => data);
  const size = height * (width * channels + 1);
  try {
    const rows = inflateSync(Buffer.concat(packed), { maxOutputLength: size });
    return rows.length < size ? undefined : { width, height, channels, data: unfilter(rows, width, height, channels) };
  } catch {
    return undefined;
  }
}

/** @returns the file, packed as tightly as zlib can. */
export function encodePng({ width, height, channels, data }: Image): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = Number(Object.keys(CHANNELS).find((type) => CHANNELS[Number(type)] === channels));
  const stride = width * channels;
  const rows = Buffer.alloc(height * (stride + 1));
  for (let y = 0; y < height; y += 1) rows.set(data.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
}

/** Those that are there as a whole. */
function* chunks(bytes: Buffer): Generator<{ type: string; data: Buffer }, undefined> {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return undefined;
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (at + 12 + length > bytes.length) return undefined;
    yield { type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
  return undefined;
}

/** Adds to a row, in place, what it was written as a difference to. `above` is the row above it. */
type Unfilter = (row: Uint8Array, above: Uint8Array, channels: number) => void;

const UNFILTERS: Readonly<Record<number, Unfilter>> = { 1: addLeft, 2: addAbove, 3: addMean, 4: addPaeth };

/** Each row says how it was written: as differences to the pixel before it, to the row above, or to a guess from both. */
function unfilter(rows: Buffer, width: number, height: number, channels: number): Uint8Array {
  const stride = width * channels;
  const out = new Uint8Array(height * stride);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    const from = y * (stride + 1);
    const row = out.subarray(y * stride, (y + 1) * stride);
    row.set(rows.subarray(from + 1, from + 1 + stride));
    UNFILTERS[rows[from] ?? 0]?.(row, above, channels);
    above = row;
  }
  return out;
}

function addLeft(row: Uint8Array, _: Uint8Array, channels: number): void {
  for (let x = channels; x < row.length; x += 1) row[x] = (row[x] ?? 0) + (row[x - channels] ?? 0);
}

function addAbove(row: Uint8Array, above: Uint8Array): void {
  for (let x = 0; x < row.length; x += 1) row[x] = (row[x] ?? 0) + (above[x] ?? 0);
}

function addMean(row: Uint8Array, above: Uint8Array, channels: number): void {
  for (let x = 0; x < row.length; x += 1) {
    const left = x < channels ? 0 : (row[x - channels] ?? 0);
    row[x] = (row[x] ?? 0) + ((left + (above[x] ?? 0)) >> 1);
  }
}

/** Paeth: whichever of the three neighbours is nearest to left + above − before. */
function addPaeth(row: Uint8Array, above: Uint8Array, channels: number): void {
  // The first pixel has none on its left; then the one above is the nearest.
  for (let x = 0; x < channels; x += 1) row[x] = (row[x] ?? 0) + (above[x] ?? 0);
  for (let x = channels; x < row.length; x += 1) {
    const left = row[x - channels] ?? 0;
    const up = above[x] ?? 0;
    const before = above[x - channels] ?? 0;
    const toLeft = Math.abs(up - before);
    const toAbove = Math.abs(left - before);
    const toBefore = Math.abs(left + up - 2 * before);
    const nearest = toLeft <= toAbove && toLeft <= toBefore ? left : toAbove <= toBefore ? up : before;
    row[x] = (row[x] ?? 0) + nearest;
  }
}
