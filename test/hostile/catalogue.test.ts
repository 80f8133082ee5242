import * as simdArena from 'simd-arena';

import { promise } from '../support/promises';
import { declareCatalogue } from './catalogue';
import { membersOf } from './reflection';
import { handedOut, members, subjects } from './surface';

promise('Arguments', () => {
  describe('hostile use of the package:', () => {
    declareCatalogue(membersOf(simdArena, handedOut), members, subjects);
  });
});
