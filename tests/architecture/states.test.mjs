import assert from 'node:assert/strict';
import test from 'node:test';

import {stateFaults} from './states.mjs';
import {expectNone, readTree} from './tree.mjs';

test(
  'states: C++, SQL, OpenAPI and TypeScript use the same words', () => expectNone(stateFaults(readTree())));

const planted = [
  [
    'another word in SQL', 'db/migrations/0004_executions.sql', /'timed_out'/g, '\'timeout\'',
    /db\/migrations.*AttemptStatus/
  ],
  [
    'a word that C++ forgot', 'controller/domain/execution/execution_status.cpp', /"paused", /, '',
    /execution_status\.cpp.*ExecutionStatus/
  ],
  [
    'a new enumerator', 'protocol/messages/attempt.hpp', /kQueued,/, 'kQueued, kAccepted,',
    /attempt\.cpp.*accepted/
  ],
  [
    'another word in OpenAPI', 'controller/api/openapi.yaml', /\bskipped\b/g, 'passed',
    /openapi\.yaml.*StepStatus/
  ],
  [
    'another word in TypeScript', 'ui/src/lib/api-types.ts', /"unreachable"/g, '"lost"',
    /api-types\.ts.*AttemptStatus/
  ],
];

for (const [name, path, from, to, expected] of planted) {
  test(`states: the check catches ${name}`, () => {
    const tree = readTree();
    tree.set(path, tree.get(path).replace(from, to));
    assert.match(stateFaults(tree).join('\n'), expected);
  });
}
