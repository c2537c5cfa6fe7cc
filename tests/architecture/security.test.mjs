import assert from 'node:assert/strict';
import test from 'node:test';

import {promiseFaults} from './security.mjs';
import {expectNone, readTree} from './tree.mjs';

const text = readTree().get('SECURITY.md');

test('security: every promise has a state, and the tests it names', () => expectNone(promiseFaults(text)));

const planted = [
  ['a promise that is left out', /^\| S7 .*\n/m, '', /S7 has 0 rows/],
  ['a promise told twice', /^(\| S7 .*\n)/m, '$1$1', /S7 has 2 rows/],
  ['another state', /^(\| S7 \|[^|]*\|)[^|]*/m, '$1 nearly ', /no state/],
  ['a claim without a test', /^\| S7 .*$/m, '| S7 | No keys | held | | |', /needs a proof/],
  ['a gap in what is held', /^\| S7 .*$/m, '| S7 | No keys | held | `unit/auth/secret` | dumps |', /no gap/],
  [
    'a test that is not there', /^\| S7 .*$/m, '| S7 | No keys | held | `unit/auth/none` | |',
    /no tests\/unit\/auth\/none_test/
  ],
];

for (const [name, from, to, expected] of planted) {
  test(
    `security: the check catches ${name}`,
    () => assert.match(promiseFaults(text.replace(from, to)).join('\n'), expected));
}
