/**
 * A reporter for node:test that ends with `{"passed": N, "failed": N, "files": [{"file": …, "seconds": N}, …]}`. `npm test`
 * adds these up and names the slowest files, which come first.
 */
export default async function* count(source) {
  const total = { passed: 0, failed: 0, files: [] };
  for await (const { type, data } of source) {
    if (type === 'test:summary' && data.file) {
      total.files.push({ file: data.file, seconds: data.duration_ms / 1000 });
      continue;
    }
    if (data?.details?.type === 'suite' || data?.skip !== undefined || data?.todo !== undefined) continue;
    if (type === 'test:pass') total.passed += 1;
    if (type === 'test:fail') total.failed += 1;
  }
  total.files.sort((one, other) => other.seconds - one.seconds);
  yield JSON.stringify(total);
}
