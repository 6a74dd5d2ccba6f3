/** Screenshots made small enough to be mailed: scaled down by area, fewer shades, and within one budget per certificate. */
import { type DecodedPng, decode, encode } from 'fast-png';

export interface Picture {
  /** `data:image/png;base64,…` */
  readonly uri: string;
  readonly width: number;
  readonly height: number;
}

/** Widths that are tried in turn until all pictures fit the budget. */
const WIDTHS = [640, 420, 280] as const;
const BUDGET_BYTES = 2_200_000;
const MAX_PIXELS = 40_000_000;
/** Taller pictures are cut: a page as long as that tells nothing on paper. */
const MAX_RATIO = 1.6;

const made = new WeakMap<Uint8Array, Map<number, Picture | undefined>>();

/** @returns for each screenshot its picture; none where it is no readable PNG or where the budget is spent. */
export function fitPictures(screenshots: Iterable<Uint8Array>): ReadonlyMap<Uint8Array, Picture> {
  const all = [...new Set(screenshots)];
  for (const width of WIDTHS) {
    const pictures = new Map<Uint8Array, Picture>();
    let bytes = 0;
    for (const png of all) {
      const picture = remembered(png, width);
      if (picture === undefined) continue;
      bytes += picture.uri.length;
      if (bytes > BUDGET_BYTES) break;
      pictures.set(png, picture);
    }
    if (bytes <= BUDGET_BYTES || width === WIDTHS.at(-1)) return pictures;
  }
  return new Map();
}

/** A certificate is rendered after every exercise; each screenshot is scaled once. */
function remembered(png: Uint8Array, width: number): Picture | undefined {
  const bySize = made.get(png) ?? new Map<number, Picture | undefined>();
  made.set(png, bySize);
  if (!bySize.has(width)) bySize.set(width, scaled(png, width));
  return bySize.get(width);
}

function scaled(png: Uint8Array, maxWidth: number): Picture | undefined {
  const header = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (header.length < 33 || header.toString('latin1', 1, 4) !== 'PNG') return undefined;
  if (header.readUInt32BE(16) * header.readUInt32BE(20) > MAX_PIXELS) return undefined;
  try {
    const image = decode(png);
    if (image.depth !== 8 || image.palette !== undefined) return undefined;
    const width = Math.min(maxWidth, image.width);
    const used = Math.min(image.height, Math.round(image.width * MAX_RATIO));
    const height = Math.max(1, Math.round((used * width) / image.width));
    const data = averaged(image, used, width, height);
    const file = encode({ width, height, data, channels: 3, depth: 8 }, { zlib: { level: 9 } });
    return { uri: `data:image/png;base64,${Buffer.from(file).toString('base64')}`, width, height };
  } catch {
    return undefined;
  }
}

/** Each new pixel is the mean of the old ones under it; transparent counts as white. */
function averaged(image: DecodedPng, used: number, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const top = Math.floor((y * used) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * used) / height));
    for (let x = 0; x < width; x += 1) {
      const left = Math.floor((x * image.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * image.width) / width));
      const mean = meanColour(image, left, right, top, bottom);
      out.set(mean.map(fewerShades), (y * width + x) * 3);
    }
  }
  return out;
}

function meanColour(image: DecodedPng, left: number, right: number, top: number, bottom: number): number[] {
  const { channels, data } = image;
  const colour = channels < 3 ? [0, 0, 0] : [0, 1, 2];
  const alpha = channels === 2 ? 1 : channels === 4 ? 3 : undefined;
  const sums = [0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      const at = (y * image.width + x) * channels;
      const opacity = alpha === undefined ? 1 : (data[at + alpha] ?? 255) / 255;
      for (let c = 0; c < 3; c += 1) {
        sums[c] = (sums[c] ?? 0) + (data[at + (colour[c] ?? 0)] ?? 0) * opacity + 255 * (1 - opacity);
      }
    }
  }
  const count = (right - left) * (bottom - top);
  return sums.map((sum) => sum / count);
}

/** 32 shades a channel: not seen in a thumbnail, and a third smaller. */
function fewerShades(value: number): number {
  return Math.round((Math.round((value * 31) / 255) * 255) / 31);
}
