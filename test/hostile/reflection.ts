// The members of a surface, found by reflection: nothing that is exported can be forgotten.

/** A function that can be called with anything. */
export type AnyFunction = (...args: readonly unknown[]) => unknown;

/** How a member is called. */
export interface Found {
  /** `sumF32`, `Arena`, `Arena.lease`, `Arena#alloc`. */
  readonly name: string;
  readonly kind: 'function' | 'constructor' | 'method';
  readonly value: unknown;
  /** The class of a method. */
  readonly owner: string;
}

const ofEveryFunction = ['length', 'name', 'arguments', 'caller', 'prototype', 'constructor'];

function keysOf(object: object): PropertyKey[] {
  return Reflect.ownKeys(object).filter((key) => !ofEveryFunction.includes(String(key)));
}

function nameOf(key: PropertyKey): string {
  // Node.js 20 describes its own symbol otherwise.
  return key === Symbol.dispose ? '[Symbol.dispose]' : String(key);
}

function isClass(value: unknown): value is AnyFunction & { readonly prototype: object } {
  if (typeof value !== 'function') return false;
  const { prototype } = value as { prototype?: object };
  const methods = typeof prototype === 'object' && Reflect.ownKeys(prototype).length > 1;
  return methods || Function.prototype.toString.call(value).startsWith('class');
}

/** An accessor is found as a member too, whose value is no function. */
function methodsOf(owner: string, prototype: object): Found[] {
  return keysOf(prototype).map((key) => {
    const { value } = Object.getOwnPropertyDescriptor(prototype, key) as { value?: unknown };
    return { name: `${owner}#${nameOf(key)}`, kind: 'method', value, owner };
  });
}

/** All members of what a surface exports, and the methods of `handedOut` classes. */
export function membersOf(surface: object, handedOut: Readonly<Record<string, object>> = {}): Found[] {
  const exported = Object.entries(surface).flatMap(([name, value]: [string, unknown]): Found[] => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return staticsOf(name, value);
    if (!isClass(value)) return [{ name, kind: 'function', value, owner: '' }];
    const constructor: Found = { name, kind: 'constructor', value, owner: '' };
    return [constructor, ...staticsOf(name, value), ...methodsOf(name, value.prototype)];
  });
  const others = Object.entries(handedOut).map(([name, value]) =>
    methodsOf(name, (value as { readonly prototype: object }).prototype),
  );
  return [...exported, ...others.flat()];
}

function staticsOf(owner: string, object: object): Found[] {
  return keysOf(object).map((key) => ({
    name: `${owner}.${nameOf(key)}`,
    kind: 'function',
    value: Reflect.get(object, key) as unknown,
    owner: '',
  }));
}
