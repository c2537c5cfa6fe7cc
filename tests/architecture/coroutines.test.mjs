import assert from 'node:assert/strict';
import test from 'node:test';

import {coroutineFaults} from './coroutines.mjs';
import {expectNone, readTree, treeOf} from './tree.mjs';

test('coroutines: the tree holds none of the banned shapes', () => expectNone(coroutineFaults(readTree())));

const inBody = (body) => ({'a.cpp': `awaitable<void> f(int x) {\n${body}\n}\n`});

const planted = [
  [
    'a value-capturing lambda beside co_await', inBody('co_await pool.run([x] { return x; });'),
    /captures values/
  ],
  ['a capture by default', inBody('auto y = co_await pool.run([=] { return x; });'), /captures values/],
  [
    'a shape inside a lambda', inBody('auto g = [this] { co_await pool.run([x] { return x; }); };'),
    /captures values/
  ],
  ['an aggregate temporary', inBody('co_await send(Message{x, 1});'), /aggregate/],
  ['a designated temporary', inBody('co_await send({.x = 1});'), /aggregate/],
  ['?: beside co_await', inBody('auto y = x ? co_await a() : b();'), /\?:/],
  ['switch on co_await', inBody('switch (co_await next()) { case 1: break; }'), /switch/],
  ['?: in a condition', inBody('if (co_await next(x ? 1 : 2)) { g(); }'), /\?:/],
  ['a detached task', inBody('asio::co_spawn(e, g(), asio::detached);'), /detached/],
  [
    'a spawned reference',
    {'a.cpp': 'awaitable<void> g(const Thing& t);\nvoid h() { tasks_.spawn("g", g(t)); }\n'},
    /refers to its argument/
  ],
  [
    'a spawned view',
    {'a.cpp': 'awaitable<void> A::g(std::string_view t);\nvoid h() { co_spawn(e, g(t), done); }\n'},
    /refers to its argument/
  ],
  [
    'a called lambda with captures',
    {'a.cpp': 'void h() { co_spawn(e, [this]() -> awaitable<void> { co_await f(); }(), done); }\n'}, /gone/
  ],
];

for (const [name, files, expected] of planted) {
  test(
    `coroutines: the check catches ${name}`,
    () => assert.match(coroutineFaults(treeOf(files)).join('\n'), expected));
}

const allowed = [
  [
    'a lambda in a statement of its own',
    'auto job = [x] { return x ? 1 : 2; };\nco_await pool.run(std::move(job));'
  ],
  [
    'captures by reference',
    'co_await pool.run([&] { return x; });\nco_await pool.run([this, &x] { return Message{x, 1}; });'
  ],
  [
    'single values in braces',
    'timer.expires_after(std::chrono::seconds{5});\nco_await wait(std::chrono::seconds{5}, Uuid{});'
  ],
  ['?: in another statement', 'auto y = x ? 1 : 2;\nco_await f(y);'],
  [
    'a switch on a stored value',
    'auto y = co_await f();\nswitch (y) { case 1: co_await g(); break; default: break; }'
  ],
  ['an array index', 'auto y = values[x] + co_await f(table[x]);'],
];

for (const [name, body] of allowed) {
  test(`coroutines: ${name} passes`, () => assert.deepEqual(coroutineFaults(treeOf(inBody(body))), []));
}
