// Private fields on objects that are not ours: nobody can see or forge them, they do not keep anything alive, and they cost
// 1 ns to read and about 10 ns to write, where a WeakMap costs 5 and 100.

/** The base of a class whose `super(object)` makes its private fields those of `object`. */
export class Stamp {
  constructor(object: object) {
    // A constructor may return another object, which then gets the private fields of the subclass.
    return object;
  }
}
