import assert from 'node:assert/strict';
import test from 'node:test';

import {openApiFaults} from './openapi.mjs';
import {expectNone, readTree} from './tree.mjs';

const kDocument = 'controller/api/openapi.yaml';
const document = () => readTree().get(kDocument);

test('OpenAPI: the document passes the OWASP rules', async () => expectNone(await openApiFaults(document())));

const planted = [
  ['a text without bound', /maxLength: 36, /, '', /string-limit/],
  ['an answer that is not told of', /        '401': .*\n/, '', /define-error-responses-401/],
  ['a server without TLS', '  - url: /\n', '  - url: http://example.test\n', /api8:2023-no-server-http|http/],
];

for (const [name, from, to, expected] of planted) {
  test(`OpenAPI: the rules catch ${name}`, async () => {
    const text = document().replace(from, to);
    assert.notEqual(text, document());
    assert.match((await openApiFaults(text)).join('\n'), expected);
  });
}
