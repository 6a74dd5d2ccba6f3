/** A node:test reporter that ends with `{"passed": N, "failed": N}`, which `npm test` adds up. */
export default async function* count(source) {
  const total = { passed: 0, failed: 0 };
  for await (const { type, data } of source) {
    if (data?.details?.type === 'suite' || data?.skip !== undefined || data?.todo !== undefined) continue;
    if (type === 'test:pass') total.passed += 1;
    if (type === 'test:fail') total.failed += 1;
  }
  yield JSON.stringify(total);
}
