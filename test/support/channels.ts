// Collects what the package reports while something runs.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { nextTurn } from './runtime';

/** The messages of channel `simd-arena:<name>` while `run` runs, or right after. */
export async function messagesOf(name: string, run: () => unknown): Promise<unknown[]> {
  const messages: unknown[] = [];
  await withSubscriber(
    name,
    (message) => messages.push(message),
    async () => {
      await run();
      await nextTurn();
    },
  );
  return messages;
}

/** Runs `run` with a subscriber to channel `simd-arena:<name>`. */
export async function withSubscriber(
  name: string,
  subscriber: (message: unknown) => unknown,
  run: () => unknown,
): Promise<void> {
  const channel = `simd-arena:${name}`;
  const listener = (message: unknown): void => {
    subscriber(message);
  };
  subscribe(channel, listener);
  try {
    await run();
  } finally {
    unsubscribe(channel, listener);
  }
}

/** A process warning of the package. */
export interface PackageWarning extends Error {
  readonly code?: string;
}

/**
 * The process warnings that come while `run` runs, or right after; but for leaks: what other tests dropped is found at any
 * time.
 */
export async function warningsOf(run: () => unknown): Promise<PackageWarning[]> {
  await nextTurn();
  const warnings: PackageWarning[] = [];
  const listener = (warning: PackageWarning): void => {
    if (warning.name === 'SimdArenaWarning' && warning.code !== 'SIMD_ARENA_LEAK') warnings.push(warning);
  };
  process.on('warning', listener);
  try {
    await run();
    await nextTurn();
  } finally {
    process.off('warning', listener);
  }
  return warnings;
}
