// Theft: code that takes the ArrayBuffer of memory away and goes on using it.
import { hasTransfer, readByob, transferBuffer } from '../support/runtime';
import { bytesOf, checkMarks, markView, type Marked } from './marks';
import type { Random } from './random';

/** The ways that work at once, but not on every version. */
const ways: readonly ((view: Uint8Array) => ArrayBuffer)[] = [
  (view) => structuredClone(view.buffer as ArrayBuffer, { transfer: [view.buffer as ArrayBuffer] }),
  ...(hasTransfer ? [transferBuffer] : []),
];

/** Takes the buffer of `view` away, at once; undefined where the version or the backend does not allow it. */
export function steal(view: ArrayBufferView, random: Random): Uint8Array | undefined {
  const bytes = bytesOf(view);
  try {
    const stolen = new Uint8Array(random.pick(ways)(bytes));
    return bytes.buffer.byteLength === 0 ? stolen : undefined;
  } catch {
    return undefined;
  }
}

/** As {@link steal}, by a byte stream that reads into `view`: works on every version. */
export async function stealByReading(view: ArrayBufferView): Promise<Uint8Array | undefined> {
  const bytes = bytesOf(view);
  try {
    const { buffer } = await readByob(bytes);
    return bytes.buffer.byteLength === 0 ? new Uint8Array(buffer) : undefined;
  } catch {
    return undefined;
  }
}

/** What thieves have: memory that must be theirs alone for as long as they have it. */
export class Loot {
  readonly #kept: Marked[] = [];
  readonly #most: number;

  /** `most`: how much of it is kept; beyond that, the oldest is dropped. */
  constructor(most: number) {
    this.#most = most;
  }

  /** How much there is. */
  get count(): number {
    return this.#kept.length;
  }

  /** Marks and keeps what was stolen. */
  keep(stolen: Uint8Array, seed: number): void {
    this.#kept.push(markView(stolen, seed));
    if (this.#kept.length > this.#most) checkMarks(this.#kept.shift()!);
  }

  /** Asserts that nobody else has written to it. */
  check(): void {
    for (const marked of this.#kept) checkMarks(marked);
  }

  /** Checks and drops all of it. */
  drop(): void {
    this.check();
    this.#kept.length = 0;
  }
}
