// Finds and loads the native addon.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const addonPath = join(__dirname, '../../build/Release/simd_arena.node');

/** The exports of the addon, as yet untyped. */
export function loadAddon(): unknown {
  try {
    return createRequire(__filename)(addonPath);
  } catch (cause) {
    throw new Error(
      `simd-arena cannot load its native addon for ${process.platform}-${process.arch} (${addonPath}). ` +
        'In a checkout, build it with `npm run build`.',
      { cause },
    );
  }
}
