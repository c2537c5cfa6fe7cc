import assert from 'node:assert/strict';
import test from 'node:test';

import {functions} from './cpp-source.mjs';
import {sizeFaults} from './sizes.mjs';
import {expectNone, readTree, treeOf} from './tree.mjs';

test('sizes: no function, file or line of the tree is too long', () => expectNone(sizeFaults(readTree())));

const lines = (count, line) => `${line}\n`.repeat(count);

const planted = [
  ['a long C++ function', {'a.cpp': `int f(int a) {\n${lines(70, '  a += 1;')}}\n`}, /f has 72 lines/],
  [
    'a long method', {'a.cpp': `Result<int> A::g(int a) const {\n${lines(70, '  a += 1;')}}\n`},
    /g has 72 lines/
  ],
  ['a long test', {'a.cpp': `TEST(A, B) {\n${lines(70, '  f();')}}\n`}, /TEST has/],
  ['a long constructor', {'a.cpp': `A::A(int x) : x_(x), y_{x} {\n${lines(70, '  f();')}}\n`}, /A has/],
  ['a long method in a class', {'a.hpp': `class A {\n int f() {\n${lines(70, '  g();')}}\n};\n`}, /f has/],
  ['a long TypeScript function', {'a.ts': `export function f() {\n${lines(70, '  g();')}}\n`}, /f has/],
  [
    'a long component', {'a.tsx': `const A = () => {\n${lines(70, '  g();')} return <p>don't</p>;\n};\n`},
    /A has/
  ],
  ['a long file', {'a.cpp': lines(401, 'int x;')}, /401 lines, 400/],
  ['a long header', {'a.hpp': lines(151, 'int x;')}, /151 lines, 150/],
  ['a long line', {'a.ts': `// ${'x'.repeat(108)}\n`}, /111 characters/],
];

for (const [name, files, expected] of planted) {
  test(
    `sizes: the check catches ${name}`, () => assert.match(sizeFaults(treeOf(files)).join('\n'), expected));
}

test('sizes: what is exactly as long as allowed passes', () => {
  const files = {
    'a.cpp': `int f() {\n${lines(68, '  g(\'{\', "}");')}}\n`,
    'a.hpp': lines(150, 'int x;'),
    'a.ts': `${'x'.repeat(110)}\n`
  };
  assert.deepEqual(sizeFaults(treeOf(files)), []);
});

test('sizes: functions are found in namespaces, classes and after lambdas', () => {
  const source = `namespace a {
void f() {
  auto l = [] { return 1; };
  if (l()) { g(); }
}
class B {
  int h() const { return 1; }
};
}
`;
  assert.deepEqual(functions(source).map(({name}) => name), ['f', 'h']);
});
