import assert from 'node:assert/strict';
import test from 'node:test';

import {builtPrograms} from './programs.mjs';
import {allPaths, expectNone, readTree, treeOf} from './tree.mjs';
import * as trust from './trust.mjs';

test('trust: no key lies in the tree', () => expectNone(trust.keyFaults(readTree(), allPaths())));

test('trust: secrets are compared by one function', () => expectNone(trust.comparisonFaults(readTree())));

test('trust: no certificate goes unchecked', () => expectNone(trust.certificateFaults(readTree())));

test('trust: agents are known by their certificates', () => expectNone(trust.agentHeaderFaults(readTree())));

test('trust: the programs hold no key and no switch that turns a check off', (t) => {
  const programs = builtPrograms();
  if (programs.length === 0) return t.skip('not built');
  expectNone(programs.flatMap(
    ({name, bytes}) => [...trust.programKeyFaults(name, bytes), ...trust.programSwitchFaults(name, bytes)]));
});

const planted = (check, cases) => {
  for (const [name, files, expected] of cases)
    test(`trust: the check catches ${name}`, () => assert.match(check(treeOf(files)).join('\n'), expected));
};

const kBody = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';
const kKey = `rbk_abcdef012345_${'A'.repeat(43)}`;

planted(trust.keyFaults, [
  ['a private key', {'db/a.sql': `-----BEGIN RSA PRIVATE KEY-----\n${kBody}\n`}, /a private key/],
  ['a private key in code', {'agent/a.cpp': `"-----BEGIN PRIVATE KEY-----\n${kBody}"`}, /a private key/],
  ['a file of keys', {'docs/fleet.pem': ''}, /made at run time/],
  ['an API key', {'docs/a.md': `curl -H 'X-API-KEY: ${kKey}'\n`}, /an API key/],
  ['an enrolment token', {'README.md': `--token rbe_${'x'.repeat(43)} \\\n`}, /enrolment token/],
  [
    'a Fernet key', {'dev.sh': `export RUNBOOK_KEY=${'cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4='}\n`},
    /a Fernet key/
  ],
  ['somebody else\'s key', {'tools/a.sh': `T=ghp_${'a'.repeat(36)}\n`}, /a key of a service/],
]);

planted(trust.comparisonFaults, [
  [
    'a digest compared by ==', {'controller/auth/a.cpp': 'if (stored->digest == digest) return;\n'},
    /same_secret/
  ],
  ['a code compared by !=', {'controller/audit/a.cpp': 'if (row.mac != expected) return;\n'}, /same_secret/],
  [
    'a token compared by ==', {'controller/api/a.cpp': 'return request.csrf_token == expected;\n'},
    /same_secret/
  ],
  ['memcmp', {'agent/app/a.cpp': 'if (memcmp(a, b, 32) == 0) return;\n'}, /memcmp/],
  ['a second comparing function', {'certs/a.cpp': 'return CRYPTO_memcmp(a, b, 32) == 0;\n'}, /CRYPTO_memcmp/],
]);

planted(trust.certificateFaults, [
  [
    'a peer that is not verified', {'certs/a.cpp': 'SSL_set_verify(s, SSL_VERIFY_NONE, nullptr);\n'},
    /VERIFY_NONE/
  ],
  [
    'a request that is not verified', {'controller/engine/a.cpp': 'f(e, CURLOPT_SSL_VERIFYPEER, 0L);\n'},
    /without/
  ],
  [
    'a name that is not checked', {'controller/engine/a.cpp': 'f(e, CURLOPT_SSL_VERIFYHOST, 1L);\n'},
    /host name/
  ],
  ['weak ciphers', {'certs/a.cpp': 'SSL_CTX_set_security_level(c, 0);\n'}, /lower level/],
  ['the system\'s authorities', {'certs/a.cpp': 'SSL_CTX_set_default_verify_paths(c);\n'}, /of the system/],
  [
    'a switch that turns checks off', {'agent/app/a.cpp': 'app.add_flag("--insecure", x);\n'},
    /turn a check off/
  ],
  ['a setting that does', {'controller/app/a.cpp': 'name == "skip_verify_agents"\n'}, /turn a check off/],
  ['an agent without TLS', {'agent/connection/a.cpp': 'if (url.starts_with("http://")) {}\n'}, /TLS only/],
  ['an agent that follows redirects', {'agent/connection/a.cpp': 'if (name == "Location") {}\n'}, /redirect/],
  ['an agent with a port', {'agent/app/a.cpp': 'tcp::acceptor all(io, any);\n'}, /no port/],
]);

planted(trust.agentHeaderFaults, [
  ['a header for an identity', {'controller/fleet/a.cpp': 'request.header("X-Agent-Id");\n'}, /no identity/],
  ['a proxy believed', {'controller/fleet/a.cpp': 'if (name == "x-client-cert") f();\n'}, /no identity/],
]);

test('trust: the check catches what was built into a program', () => {
  const bytes = (text) => Buffer.from(`\0\x7f${text}\0`, 'latin1');
  assert.match(
    trust.programKeyFaults('p', bytes(`-----BEGIN PRIVATE KEY-----\n${kBody}`)).join(), /private key/);
  assert.match(trust.programKeyFaults('p', bytes(kKey)).join(), /API key/);
  assert.match(trust.programSwitchFaults('p', bytes('a\0--insecure')).join(), /insecure/);
  assert.match(trust.programSwitchFaults('runbook-agent', bytes('ws://')).join(), /without TLS/);
});

test('trust: sizes, positions and names of things that are no secrets pass', () => {
  const files = {
    'controller/auth/a.cpp':
      'if (digest.size() == 32 && at != kDigest && map.find(digest) != map.end()) g();\n',
    'tests/unit/a.cpp':
      'EXPECT_TRUE(stored.digest == digest); SSL_set_verify(s, SSL_VERIFY_NONE, nullptr);\n',
    'certs/a.cpp': 'SSL_CTX_set_security_level(c, 2);\nif (type == NID_sha256) g();\n'
  };
  assert.deepEqual([...trust.comparisonFaults(treeOf(files)), ...trust.certificateFaults(treeOf(files))], []);
});
