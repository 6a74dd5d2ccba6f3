/** Draws screenshots: a page with a title bar, lines of text and a form, in a given colour. */
import { encode } from 'fast-png';

type Colour = readonly [number, number, number];

/** @returns a PNG of 1280 × 720. */
export function drawPage(accent: Colour): Uint8Array {
  const [width, height] = [1280, 720];
  const data = new Uint8Array(width * height * 3).fill(255);
  const box = (left: number, top: number, wide: number, high: number, colour: Colour): void => {
    for (let y = top; y < Math.min(height, top + high); y += 1) {
      for (let x = left; x < Math.min(width, left + wide); x += 1) data.set(colour, (y * width + x) * 3);
    }
  };
  box(0, 0, width, 150, accent);
  for (let word = 0; word < 9; word += 1) box(90 + word * 46, 60, 34, 30, [255, 255, 255]);
  for (let line = 0; line < 5; line += 1) {
    for (let word = 0; word < 14 - line * 2; word += 1) box(90 + word * 62, 210 + line * 44, 48, 14, [70, 70, 70]);
  }
  box(90, 470, 700, 60, [225, 225, 225]);
  box(94, 474, 692, 52, [255, 255, 255]);
  box(810, 470, 150, 60, accent);
  return encode({ width, height, data, channels: 3, depth: 8 });
}

const shots: ReadonlyMap<string, Uint8Array> = new Map([
  ['v1', drawPage([46, 92, 138])],
  ['v2', drawPage([28, 120, 84])],
]);

export function sampleScreenshots(): ReadonlyMap<string, Uint8Array> {
  return shots;
}
