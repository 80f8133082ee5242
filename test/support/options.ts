// Options objects as hostile code makes them.

/** Options whose one property runs `act` when it is read. */
export function acting<T>(key: string, value: unknown, act: () => unknown): T {
  return Object.defineProperty({}, key, {
    get: () => {
      act();
      return value;
    },
    enumerable: true,
  }) as T;
}
