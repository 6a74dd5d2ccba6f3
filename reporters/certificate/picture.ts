/** Makes screenshots small enough to be mailed: scaled down by area, with fewer shades, and within one budget per certificate. */
import { hash } from 'node:crypto';
import { decodePng, encodePng, type Image } from './png.ts';

export interface Picture {
  /** `data:image/png;base64,…` */
  readonly uri: string;
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly pixels: Uint8Array;
}

/** Browsers smooth edges a little differently from one time to the next: 1 in 5,000 pixels. */
const NOISE = 1 / 5_000;

/** Whether a person sees the same in both. */
export function looksLike(one: Picture, other: Picture): boolean {
  if (one.uri === other.uri) return true;
  if (one.width !== other.width || one.height !== other.height) return false;
  let different = 0;
  for (let at = 0; at < one.pixels.length; at += 3)
    if ([0, 1, 2].some((c) => one.pixels[at + c] !== other.pixels[at + c])) different += 1;
  return different <= NOISE * one.width * one.height;
}

/** Widths that are tried in turn until all pictures fit the budget. */
const WIDTHS = [640, 420, 280] as const;
const BUDGET_BYTES = 2_200_000;
const MAX_PIXELS = 40_000_000;
/** Taller pictures are cropped: the rest of such a long page is not readable in print. */
const MAX_RATIO = 1.6;

/** By content and width: a page that looks as it did a step before is scaled once. */
const made = new Map<string, Picture | undefined>();

/** @returns a picture for each screenshot; none if it is not a readable PNG or the budget is used up. */
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

/** A certificate is rendered after every exercise; each picture is scaled once. */
function remembered(png: Uint8Array, width: number): Picture | undefined {
  const key = `${hash('sha1', png)} ${width}`;
  if (!made.has(key)) made.set(key, scaled(png, width));
  return made.get(key);
}

function scaled(png: Uint8Array, maxWidth: number): Picture | undefined {
  const image = decodePng(png, MAX_PIXELS);
  if (image === undefined) return undefined;
  const width = Math.min(maxWidth, image.width);
  const used = Math.min(image.height, Math.round(image.width * MAX_RATIO));
  const height = Math.max(1, Math.round((used * width) / image.width));
  const pixels = averaged(image, used, width, height);
  const file = encodePng({ width, height, data: pixels, channels: 3 });
  return { uri: `data:image/png;base64,${file.toString('base64')}`, width, height, pixels };
}

/** Each new pixel is the mean of the old ones under it; transparent counts as white. */
function averaged(image: Image, used: number, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  const sums: [number, number, number] = [0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    const top = Math.floor((y * used) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * used) / height));
    for (let x = 0; x < width; x += 1) {
      const left = Math.floor((x * image.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * image.width) / width));
      addUp(image, left, right, top, bottom, sums);
      const count = (right - left) * (bottom - top);
      for (let c = 0; c < 3; c += 1) out[(y * width + x) * 3 + c] = fewerShades((sums[c] ?? 0) / count);
    }
  }
  return out;
}

/** @param into the sums of red, green and blue; one for all pixels, because there are a quarter of a million. */
function addUp(image: Image, left: number, right: number, top: number, bottom: number, into: number[]): void {
  const { channels, data } = image;
  const coloured = channels >= 3;
  const transparent = channels % 2 === 0;
  into.fill(0);
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      const at = (y * image.width + x) * channels;
      const opacity = transparent ? (data[at + channels - 1] ?? 255) / 255 : 1;
      for (let c = 0; c < 3; c += 1)
        into[c] = (into[c] ?? 0) + (data[coloured ? at + c : at] ?? 0) * opacity + 255 * (1 - opacity);
    }
  }
}

/** 32 shades per channel: not visible in a thumbnail, and a third smaller. */
function fewerShades(value: number): number {
  return Math.round((Math.round((value * 31) / 255) * 255) / 31);
}
