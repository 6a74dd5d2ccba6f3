import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from 'fast-png';
import { drawPage } from '../../test/report-samples/picture.ts';
import { Random } from '../../test/support/random.ts';
import { fitPictures } from './picture.ts';

test('a screenshot becomes a small picture of the same proportions and colours', () => {
  const png = drawPage([46, 92, 138]);
  const picture = fitPictures([png]).get(png);
  assert.ok(picture);
  assert.deepEqual([picture.width, picture.height], [640, 360]);
  assert.ok(picture.uri.length < 40_000, `${picture.uri.length}`);
  const { data } = decode(Buffer.from(picture.uri.split(',')[1] ?? '', 'base64'));
  for (const [channel, wanted] of [46, 92, 138].entries()) {
    assert.ok(Math.abs((data[channel] ?? 0) - wanted) <= 5, 'the top left corner keeps its colour');
  }
});

test('many noisy screenshots are scaled down further, so that the file stays small enough to mail', () => {
  // What can't be made smaller without loss.
  const chance = new Random(1);
  const noise = Uint8Array.from({ length: 1280 * 800 * 3 }, () => chance.below(256));
  const noisy = Array.from({ length: 12 }, () =>
    encode({ width: 1280, height: 800, data: noise, channels: 3, depth: 8 }, { zlib: { level: 0 } }),
  );
  const pictures = fitPictures(noisy);
  const bytes = [...pictures.values()].reduce((sum, picture) => sum + picture.uri.length, 0);
  assert.ok(bytes <= 2_200_000, `${bytes}`);
  assert.ok(pictures.size > 0);
});

test('files that are not PNGs, truncated, or claim to be enormous are left out', () => {
  const good = Buffer.from(drawPage([1, 2, 3]));
  const enormous = Buffer.from(good);
  enormous.writeUInt32BE(1_000_000, 16);
  const none = [new TextEncoder().encode('<svg onload=alert(1)>'), good.subarray(0, 60), enormous, new Uint8Array()];
  assert.equal(fitPictures(none).size, 0);
});

test('a very long page is cut', () => {
  const long = encode({
    width: 100,
    height: 5000,
    data: new Uint8Array(100 * 5000 * 4).fill(255),
    channels: 4,
    depth: 8,
  });
  assert.equal(fitPictures([long]).get(long)?.height, 160);
});
