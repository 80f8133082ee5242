// How chunks are rounded up: what native/memory/chunk_size.h says, for those who look for a chunk that exists.

/** kMinChunkBytes: the smallest chunk there is, and the unit of chunk sizes. */
export const MIN_CHUNK_BYTES = 65536;

/** RoundChunkBytes: the size of a chunk that is made for `bytes`, at most 2^37. */
export function chunkBytesFor(bytes: number): number {
  const units = Math.ceil(bytes / MIN_CHUNK_BYTES) || 1;
  // Up to 16 units each has a size of its own; above, there are 8 sizes from one power of two to the next.
  const shift = Math.max(0, 28 - Math.clz32(units - 1));
  return ((((units - 1) >> shift) + 1) << shift) * MIN_CHUNK_BYTES;
}
