// Assertions about types, which the compiler checks when it builds the tests.

/** true if the types are the same, not merely assignable. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Takes values of exactly type `Expected`; what else is passed is an error of the compiler. */
export function expectType<Expected>(): <Actual>(
  actual: Actual,
  ...same: Same<Actual, Expected> extends true ? [] : ['is not the expected type']
) => void {
  return () => undefined;
}
