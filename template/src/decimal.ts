// Arithmetic as people do it on paper: 0.1 + 0.2 is 0.3. A number stands for its shortest decimal writing, an
// operation is exact on those, and its result is again a number.

/** A sum, difference or product; null when it is too large to be a number. */
export function calculate(operator: "+" | "-" | "*", left: number, right: number): number | null {
  const plain = operator === "+" ? left + right : operator === "-" ? left - right : left * right;
  if (Number.isSafeInteger(plain) && Number.isSafeInteger(left) && Number.isSafeInteger(right)) return plain;
  if (!Number.isFinite(plain)) return null;
  const [a, b] = [decimal(left), decimal(right)];
  if (operator === "*") return toNumber({ digits: a.digits * b.digits, exponent: a.exponent + b.exponent });
  const exponent = Math.min(a.exponent, b.exponent);
  const [x, y] = [scale(a, exponent), scale(b, exponent)];
  return toNumber({ digits: operator === "+" ? x + y : x - y, exponent });
}

/** A quotient; null when there is none. */
export function divide(left: number, right: number): number | null {
  if (right === 0) return null;
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return left / right;
  const [a, b] = [decimal(left), decimal(right)];
  const exponent = Math.min(a.exponent, b.exponent);
  const result = Number(scale(a, exponent)) / Number(scale(b, exponent));
  return Number.isFinite(result) ? result : finite(left / right);
}

/** The number without what division has left in its last digits: 1 / 3 * 3 is 1. For comparing and printing. */
export function tidy(value: number): number {
  return Number.isSafeInteger(value) ? value : Number(value.toPrecision(15));
}

/** Rounded half away from zero, as prices are. */
export function round(value: number, places = 0): number | null {
  const shifted = calculate("*", tidy(value), 10 ** places);
  if (shifted === null) return null;
  const whole = Math.sign(shifted) * Math.round(Math.abs(tidy(shifted)));
  return divide(whole, 10 ** places);
}

/** In digits, never with an exponent: `0.0000001`, not `1e-7`. */
export function printNumber(value: number): string {
  const { digits, exponent } = decimal(tidy(value));
  if (exponent >= 0) return String(scale({ digits, exponent }, 0));
  const text = String(digits < 0n ? -digits : digits).padStart(1 - exponent, "0");
  return `${digits < 0n ? "-" : ""}${text.slice(0, exponent)}.${text.slice(exponent)}`;
}

/** digits × 10^exponent */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimal(value: number): Decimal {
  const [mantissa = "0", power = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

function scale({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to);
}

function toNumber({ digits, exponent }: Decimal): number | null {
  return finite(Number(`${digits}e${exponent}`));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
