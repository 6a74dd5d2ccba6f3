/** Kubernetes' CEL library for quantities: `quantity('1Gi').isLessThan(quantity('2Gi'))`. */
import type { Environment } from '@marcbachmann/cel-js';
import { quantityValue } from '../defaults/quantity.ts';

class Quantity {
  readonly amount: number;

  constructor(amount: number) {
    this.amount = amount;
  }
}

/** @throws when the text is not a quantity. */
function parse(text: string): Quantity {
  const amount = quantityValue(text);
  if (Number.isNaN(amount))
    throw new Error(`quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`);
  return new Quantity(amount);
}

export function registerQuantities(environment: Environment): Environment {
  const compare = (a: Quantity, b: Quantity): bigint => BigInt(Math.sign(a.amount - b.amount));
  return environment
    .registerType('Quantity', Quantity)
    .registerFunction('quantity(string): Quantity', parse)
    .registerFunction('isQuantity(string): bool', (text: string) => !Number.isNaN(quantityValue(text)))
    .registerFunction('Quantity.isLessThan(Quantity): bool', (a: Quantity, b: Quantity) => a.amount < b.amount)
    .registerFunction('Quantity.isGreaterThan(Quantity): bool', (a: Quantity, b: Quantity) => a.amount > b.amount)
    .registerFunction('Quantity.compareTo(Quantity): int', compare)
    .registerFunction(
      'Quantity.add(Quantity): Quantity',
      (a: Quantity, b: Quantity) => new Quantity(a.amount + b.amount),
    )
    .registerFunction(
      'Quantity.sub(Quantity): Quantity',
      (a: Quantity, b: Quantity) => new Quantity(a.amount - b.amount),
    )
    .registerFunction('Quantity.sign(): int', (a: Quantity) => BigInt(Math.sign(a.amount)))
    .registerFunction('Quantity.isInteger(): bool', (a: Quantity) => Number.isInteger(a.amount))
    .registerFunction('Quantity.asInteger(): int', (a: Quantity) => BigInt(a.amount))
    .registerFunction('Quantity.asApproximateFloat(): double', (a: Quantity) => a.amount);
}
