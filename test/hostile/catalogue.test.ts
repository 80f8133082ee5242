import * as simdArena from 'simd-arena';

import { declareCatalogue } from './catalogue';
import { membersOf } from './reflection';
import { handedOut, members, subjects } from './surface';

describe('hostile use of the package:', () => {
  declareCatalogue(membersOf(simdArena, handedOut), members, subjects);
});
