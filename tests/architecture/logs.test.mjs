import assert from 'node:assert/strict';
import test from 'node:test';

import {printFaults} from './logs.mjs';
import {expectNone, readTree, treeOf} from './tree.mjs';

test('logs: nothing but command lines prints past the log', () => expectNone(printFaults(readTree())));

const planted = [
  ['a stream', 'std::cerr << name;\n'],
  ['fmt::print', 'fmt::print(stderr, "{}", name);\n'],
  ['printf', 'printf("%s", name);\n'],
  ['another logger', 'spdlog::info("{}", name);\n'],
  ['a write to standard error', '::write(STDERR_FILENO, name.data(), name.size());\n'],
];

for (const [name, code] of planted) {
  test(
    `logs: the check catches ${name}`,
    () => assert.match(printFaults(treeOf({'controller/fleet/a.cpp': code})).join('\n'), /a\.cpp:1/));
}

test('logs: the log itself, command lines and texts that name printf pass', () => {
  const files = {
    'controller/fleet/a.cpp': 'runtime::log_info({}, fmt::format("printf({})", name)); // std::cerr\n',
    'controller/app/b.cpp': 'fmt::print("READY {}\\n", url);\n',
    'agent/runner/c.cpp': 'file.write(1, 2); text.printf(); ::write(pipe, data, size);\n'
  };
  assert.deepEqual(printFaults(treeOf(files)), []);
});
