import assert from 'node:assert/strict';
import test from 'node:test';

import {layerFaults} from './layers.mjs';
import {expectNone, readTree, treeOf} from './tree.mjs';

test('layers: every include of the tree follows the table', () => expectNone(layerFaults(readTree())));

const planted = [
  [
    'an edge upwards', {'controller/store/a.cpp': '#include "controller/engine/engine.hpp"\n'},
    /may not include/
  ],
  [
    'the agent including the controller', {'agent/app/a.cpp': '#include "controller/http/message.hpp"\n'},
    /may not/
  ],
  [
    'more of the engine than its ports',
    {'controller/live/a.cpp': '#include "controller/engine/engine.hpp"\n'}, /may not/
  ],
  ['Beast outside its folders', {'controller/api/a.cpp': '#include <boost/beast/http.hpp>\n'}, /see Beast/],
  ['pqxx outside its folders', {'controller/engine/a.cpp': '#include <pqxx/pqxx>\n'}, /see pqxx/],
  ['libcurl outside its folder', {'controller/api/a.cpp': '#include <curl/curl.h>\n'}, /see libcurl/],
  ['a coroutine in the domain', {'controller/domain/a.cpp': 'void f() { co_return; }\n'}, /coroutine/],
  [
    'a clock in the domain', {'controller/domain/a.cpp': 'auto t = std::chrono::system_clock::now();\n'},
    /clock/
  ],
  [
    'a folder nobody named', {'controller/misc/a.cpp': '#include "controller/misc/b.hpp"\n'},
    /not in the table/
  ],
  ['a cycle', {'db/a.hpp': '#include "db/b.hpp"\n', 'db/b.hpp': '#include "db/a.hpp"\n'}, /cycle/],
];

for (const [name, files, expected] of planted) {
  test(
    `layers: the check catches ${name}`, () => assert.match(layerFaults(treeOf(files)).join('\n'), expected));
}

test('layers: the ports of the engine may be seen by fleet and live', () => {
  assert.deepEqual(
    layerFaults(treeOf({'controller/fleet/a.cpp': '#include "controller/engine/ports.hpp"\n'})), []);
});
