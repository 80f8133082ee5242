// The label of the scope or pool that revoked an ArrayBuffer, so that an error can name it.
import { Stamp } from './stamp';

class Labelled extends Stamp {
  #label: string;

  constructor(buffer: ArrayBufferLike, label: string) {
    super(buffer);
    this.#label = label;
  }

  static labelOf(buffer: ArrayBufferLike): string | undefined {
    return #label in buffer ? (buffer as unknown as Labelled).#label : undefined;
  }
}

/** Remembers that a scope or pool labelled `label` revokes `buffer`. */
export function markRevoked(buffer: ArrayBuffer, label: string): void {
  // A buffer that could not be revoked the last time carries its mark already.
  if (Labelled.labelOf(buffer) === undefined) new Labelled(buffer, label);
}

/** The label of the scope or pool that revoked `buffer`; undefined where it had none, or where it was not ours. */
export const revokedLabel: (buffer: ArrayBufferLike) => string | undefined = (buffer) => Labelled.labelOf(buffer);
