// What an application decides for all users of the package, and what the package has found.
import { createRequire } from 'node:module';

import { defaultSampler } from './internal/leaks';
import { setDefaultStaleViews, defaultLease } from './internal/lease';
import { backendName, externalBuffers, isa, native } from './internal/native';
import { checkInteger, checkLeakDetection, checkObject, checkStaleViews } from './internal/validate';
import type { LeakDetection, StaleViews } from './types';

/** What {@link configure} takes; what is left out stays as it is. */
export interface Configuration {
  /** What becomes of stale views where an arena's options say nothing: for later arenas of this thread. */
  readonly staleViews?: StaleViews | undefined;
  /** Bytes that the chunks of all threads of the process may take together, idle ones included; `Infinity`: no limit. */
  readonly budgetBytes?: number | undefined;
  /** Which later allocations of this thread are traced, so that leaks can be reported; default: `'sampled'`. */
  readonly leakDetection?: LeakDetection | undefined;
}

/**
 * Sets defaults and limits. For applications, at their start; libraries leave it alone.
 *
 * A budget below what is in use refuses new memory (`ERR_MEMORY_BUDGET`) until enough has come back.
 *
 * @throws `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE` for values that make no sense; nothing has changed then.
 */
export function configure(configuration: Configuration): void {
  const { staleViews, budgetBytes, leakDetection } = checkObject('configuration', configuration) as Configuration;
  if (staleViews !== undefined) checkStaleViews('staleViews', staleViews);
  if (budgetBytes !== undefined && budgetBytes !== Infinity) checkInteger('budgetBytes', budgetBytes);
  if (leakDetection !== undefined) checkLeakDetection('leakDetection', leakDetection);

  if (staleViews !== undefined) setDefaultStaleViews(staleViews);
  if (budgetBytes !== undefined) native.setBudget(budgetBytes, false);
  if (leakDetection !== undefined) defaultSampler.level = leakDetection;
}

/** What the package runs on. */
export interface RuntimeInfo {
  /** Version of the package. */
  readonly version: string;
  /** Instruction set that the kernels use: `scalar`, `sse42`, `avx2`, `avx512` or `neon`. */
  readonly isa: string;
  /** Instruction sets that this machine has, slowest first. */
  readonly isas: readonly string[];
  /** Version of Node-API that the addon was built for. */
  readonly napi: number;
  /** Where arenas have their memory: external ArrayBuffers, or WebAssembly.Memory. */
  readonly backend: 'external' | 'wasm';
  /** Whether the runtime lets addons create external ArrayBuffers. */
  readonly externalBuffers: boolean;
  /** What becomes of stale views where an arena's options say nothing. */
  readonly staleViews: StaleViews;
  /** The process-wide memory budget in bytes; `Infinity`: no limit. */
  readonly budgetBytes: number;
  /** Which allocations of this thread are traced, so that leaks can be reported. */
  readonly leakDetection: LeakDetection;
}

// Not by an import, because it lies outside the compiler's root folder.
const { version } = createRequire(__filename)('../package.json') as { version: string };

/** What the package has found and decided. */
export function runtimeInfo(): RuntimeInfo {
  return {
    version,
    isa,
    isas: native.isas,
    napi: native.napi,
    backend: backendName,
    externalBuffers,
    staleViews: defaultLease.staleViews,
    budgetBytes: native.budget(),
    leakDetection: defaultSampler.level,
  };
}
