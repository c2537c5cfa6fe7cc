import assert from 'node:assert/strict';
import test from 'node:test';

import {expectNone, readTree, treeOf} from './tree.mjs';
import {wordFaults} from './words.mjs';

test('words: the tree holds none of the banned words', () => expectNone(wordFaults(readTree())));

const planted = [
  ['an empty class name', {'a.hpp': 'class SessionManager {};\n'}, /SessionManager/],
  ['an empty function name', {'a.ts': 'export function string_utils() {}\n'}, /string_utils/],
  ['an empty file name', {'controller/http/helpers.cpp': ''}, /helpers\.cpp/],
  ['a note to finish later', {'a.cpp': `// ${'TO'}DO: later\n`}, /a\.cpp:1/],
  ['a sleeping C++ test', {'tests/unit/a.cpp': 'std::this_thread::sleep_for(1s);\n'}, /sleeps/],
  ['a sleeping browser test', {'tests/e2e/a.spec.ts': 'await page.waitForTimeout(5);\n'}, /sleeps/],
  [
    'a promise that only sleeps', {'ui/src/a.test.ts': 'await new Promise((r) => setTimeout(r, 5));\n'},
    /sleeps/
  ],
  ['the host of a registry', {'ui/package-lock.json': `https://${'registry.npmjs'}.org/a\n`}, /names/],
];

for (const [name, files, expected] of planted) {
  test(
    `words: the check catches ${name}`, () => assert.match(wordFaults(treeOf(files)).join('\n'), expected));
}

test('words: other people\'s names, comments and commands of runbooks pass', () => {
  const files = {
    'tests/unit/a.cpp': 'auto n = X509_common(x); // no sleep(1) here\nrun("sleep(1)");\n',
    'a.hpp': 'struct Utility;\n'
  };
  assert.deepEqual(wordFaults(treeOf(files)), []);
});
