import assert from 'node:assert/strict';
import test from 'node:test';

import {rightFaults} from './rights.mjs';
import {expectNone, readTree} from './tree.mjs';

const tree = readTree();
const code = tree.get('controller/auth/rights.hpp');
const page = tree.get('docs/rights.md');

test('rights: the page tells what the code gives', () => expectNone(rightFaults(code, page)));

const planted = [
  [
    'a role that the code gives more', (text) => text.replace(/(kAuthor, .*\{)false/, '$1true'), page,
    /author/
  ],
  ['a right that is not told of', code, (text) => text.replace(/^\| `manage_keys`.*\n/m, ''), /manage_keys/],
  [
    'a right that is told of alone', (text) => text.replace(/.*kManageHosts, Conc.*\n/, ''), page,
    /manage_hosts/
  ],
  [
    'what a right is about', code, (text) => text.replace(/(`read_audit`.*)the whole/, '$1objects'),
    /read_audit/
  ],
];

for (const [name, changed_code, changed_page, expected] of planted) {
  test(`rights: the check catches ${name}`, () => {
    const of = (change, text) => typeof change === 'function' ? change(text) : text;
    const faults = rightFaults(of(changed_code, code), of(changed_page, page));
    assert.match(faults.join('\n'), expected);
  });
}
