/** Quantities in Kubernetes' canonical form: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is `500m` (resource.Quantity). */
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Index in `DECIMAL` of the plain number. */
const ONE = 3;
const PATTERN = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** @returns the value unchanged when it is not a quantity: validation reports that. */
export function canonicalQuantity(value: unknown): unknown {
  const found = PATTERN.exec(String(value));
  if (found === null) return value;
  const [, sign = '', digits = '', suffix = ''] = found;
  const amount = sign === '-' ? -Number(digits) : Number(digits);
  if (suffix.endsWith('i')) return binary(amount * 1024 ** BINARY.indexOf(suffix));
  const exponent = /^[eE]/.test(suffix) ? Number(suffix.slice(1)) : (DECIMAL.indexOf(suffix) - ONE) * 3;
  return decimal(amount, exponent);
}

function binary(bytes: number): string {
  // A fraction of a byte is written in the decimal format (`m`).
  if (!Number.isInteger(bytes)) return decimal(bytes, 0);
  let step = 0;
  let rest = bytes;
  while (rest !== 0 && rest % 1024 === 0 && step < BINARY.length - 1) {
    rest /= 1024;
    step += 1;
  }
  return `${rest}${BINARY[step]}`;
}

/** Formats with the largest unit that leaves a whole number. */
function decimal(amount: number, exponent: number): string {
  const [whole = '0', fraction = ''] = String(amount).includes('e') ? [amount.toFixed(9)] : String(amount).split('.');
  let number = BigInt(whole + fraction);
  let power = exponent - fraction.length;
  if (number === 0n) return '0';
  while (number % 10n === 0n) {
    number /= 10n;
    power += 1;
  }
  const unit = Math.min(Math.max(Math.floor(power / 3), -ONE), DECIMAL.length - 1 - ONE);
  return `${number * 10n ** BigInt(power - unit * 3)}${DECIMAL[unit + ONE]}`;
}

/** The amount without a unit prefix (`1Ki` is 1024); NaN when the value is not a quantity. */
export function quantityValue(value: unknown): number {
  const found = PATTERN.exec(String(value));
  if (found === null) return Number.NaN;
  const [, sign = '', digits = '', suffix = ''] = found;
  const amount = sign === '-' ? -Number(digits) : Number(digits);
  if (suffix.endsWith('i')) return amount * 1024 ** BINARY.indexOf(suffix);
  return /^[eE]\d/.test(suffix) || /^[eE][+-]/.test(suffix)
    ? Number(`${amount}${suffix}`)
    : amount * 1000 ** (DECIMAL.indexOf(suffix) - ONE);
}
