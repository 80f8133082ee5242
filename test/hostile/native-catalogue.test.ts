import assert from 'node:assert/strict';

import { native } from '#internal/native';

import { declareCatalogue } from './catalogue';
import { nativeMembers, nativeSubjects, reduceFunctions } from './native-surface';
import { membersOf } from './reflection';

const exported = Object.entries({ ...native, ...reduceFunctions });
const functions = Object.fromEntries(exported.filter(([, value]) => typeof value === 'function'));

describe('hostile use of the addon:', () => {
  declareCatalogue(membersOf(functions), nativeMembers, nativeSubjects);

  it('has nothing but functions and facts', () => {
    const facts = exported.filter(([, value]) => typeof value !== 'function').map(([name]) => name);
    assert.deepEqual(facts.sort(), ['isas', 'napi']);
  });
});
