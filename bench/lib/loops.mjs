// The fastest loops that we know for each reduction in JavaScript. Additions do not wait for each other.

/** @typedef {Float32Array | Float64Array | Int32Array | Uint8Array} Numbers */

/** @param {Numbers} x */
export function sum(x) {
  const n = x.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    a += x[i];
    b += x[i + 1];
    c += x[i + 2];
    d += x[i + 3];
  }
  for (; i < n; i++) a += x[i];
  return a + b + (c + d);
}

/**
 * @param {Numbers} x
 * @param {Numbers} y
 */
export function dot(x, y) {
  const n = x.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    a += x[i] * y[i];
    b += x[i + 1] * y[i + 1];
    c += x[i + 2] * y[i + 2];
    d += x[i + 3] * y[i + 3];
  }
  for (; i < n; i++) a += x[i] * y[i];
  return a + b + (c + d);
}

/** @param {Numbers} x */
export function variance(x) {
  const n = x.length;
  const mean = sum(x) / n;
  let a = 0;
  let b = 0;
  let i = 0;
  for (; i + 1 < n; i += 2) {
    const d = x[i] - mean;
    const e = x[i + 1] - mean;
    a += d * d;
    b += e * e;
  }
  if (i < n) a += (x[i] - mean) ** 2;
  return (a + b) / n;
}

/** @param {Numbers} x - without NaN */
export function min(x) {
  let least = x[0];
  for (let i = 1; i < x.length; i++) if (x[i] < least) least = x[i];
  return least;
}

/** @param {Numbers} x - without NaN */
export function argmax(x) {
  let at = 0;
  let greatest = x[0];
  for (let i = 1; i < x.length; i++) {
    if (x[i] > greatest) {
      greatest = x[i];
      at = i;
    }
  }
  return at;
}

/** @param {Numbers} x */
export function countNonzero(x) {
  let count = 0;
  for (let i = 0; i < x.length; i++) if (x[i] !== 0) count++;
  return count;
}

/** @param {Numbers} x */
export function all(x) {
  for (let i = 0; i < x.length; i++) if (x[i] === 0) return false;
  return true;
}

/** @param {Numbers} x */
export function any(x) {
  for (let i = 0; i < x.length; i++) if (x[i] !== 0) return true;
  return false;
}
