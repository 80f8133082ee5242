// Runs all steps once, nothing failing: for valgrind (tools/test-valgrind).
import * as simdArena from 'simd-arena';

import { steps } from './steps.mjs';

for (const [name, step] of Object.entries(steps)) {
  await step(simdArena);
  console.log(name);
}
