import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FigureSource } from '../model/figure-source.ts';
import { countsOf, sourceList } from './figures.ts';

const source = (basis: FigureSource['basis'], text: string, ...names: string[]): FigureSource => ({
  basis,
  text,
  figures: names.map((name) => ({ name, value: '1' })),
});

test('figures are counted by what they rest on, the surest first', () => {
  assert.equal(countsOf([source('assumed', 'a guess', 'x')]), '1 assumed');
  const all = [
    source('assumed', 'a guess', 'x'),
    source('document', 'notes', 'y', 'z'),
    source('cluster', 'a 2.0', 'w'),
  ];
  assert.equal(countsOf(all), '1 seen on clusters, 2 read in documents and 1 assumed');
});

test('every source is named with its figures, assumed ones before all others', () => {
  const { markup } = sourceList([
    source('cluster', 'a real <2.0>', 'mesh/a', 'mesh/b'),
    source('assumed', 'a guess', 'x'),
  ]);
  assert.match(
    markup,
    /assumed<\/strong>: a guess<br><code>x<\/code>.*seen on clusters<\/strong>: a real &lt;2\.0&gt;/s,
  );
  assert.match(markup, /<code>mesh\/a<\/code>, <code>mesh\/b<\/code>/);
});
