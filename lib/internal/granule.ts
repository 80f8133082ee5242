/** The unit of arena memory, as in native/memory/granule.h. */
export const enum Granule {
  /** One cache line, and the widest vector register. */
  Bytes = 64,
  /** The base-2 logarithm of `Bytes`. */
  Shift = 6,
  /** The most that one arena can hold: 256 GiB. */
  Max = 4294967295,
}
