import assert from 'node:assert/strict';
import test from 'node:test';

import {sqlFaults} from './sql.mjs';
import {expectNone, readTree, treeOf} from './tree.mjs';

test('sql: every statement of the tree is made of constants', () => expectNone(sqlFaults(readTree())));

const inStore = (code) => ({'controller/store/a.cpp': code});

const planted = [
  [
    'a value added to a literal',
    inStore('auto r = db::exec(work, "SELECT id FROM runbook WHERE title = \'" + title + "\'");\n'), /title/
  ],
  [
    'a value added to a constant',
    inStore('constexpr auto kAll = "SELECT 1 FROM a ";\nvoid f() { db::exec(work, kAll + order, id); }\n'),
    /order/
  ],
  [
    'a value formatted into a statement',
    inStore('void f() { work.exec(fmt::format("DELETE FROM a WHERE id = {}", id.str())); }\n'), /id/
  ],
  [
    'a value formatted beside a constant',
    inStore('constexpr auto kAll = "SELECT 1 FROM a ";\nauto s = fmt::format("{}{}", kAll, sort_by);\n'),
    /sort_by/
  ],
  [
    'a text that comes from elsewhere',
    inStore('void f(const std::string& sql) { db::exec(work, sql, id); }\n'), /sql is run/
  ],
  [
    'a variable with one good and one bad value',
    inStore('void f() { std::string sql = kAll; sql = read(); db::exec(work, sql); }\n'), /sql is run/
  ],
  ['a condition that is appended', inStore('void f() { text += " WHERE title = \'x\'"; }\n'), /appended/],
  ['escaping by hand', inStore('auto t = work.quote(title);\n'), /quote/],
  [
    'a text that the database puts together',
    {'db/migrations/0099_x.sql': 'BEGIN EXECUTE format(\'SELECT %s\', x); END;'}, /EXECUTE/
  ],
];

for (const [name, files, expected] of planted) {
  test(`sql: the check catches ${name}`, () => assert.match(sqlFaults(treeOf(files)).join('\n'), expected));
}

test('sql: constants, choices between them and parameters pass', () => {
  const files = inStore(
    'constexpr auto kA = "SELECT 1 FROM a ";\nconstexpr auto kB = "WHERE id = $1";\n' +
    'const std::string kBoth = fmt::format("{}{}", kA, kB);\n' +
    'void f(const char* order) {\n  db::exec(work, std::string(kA) + kB, id);\n' +
    '  const auto& sql = one ? kA : kBoth;\n  db::exec(work, sql, title, "x" + title);\n' +
    '  db::exec(work, lock ? kA : kBoth, id);\n  auto s = fmt::format("{}{}", kA, order);\n' +
    '  throw std::runtime_error(fmt::format("no {} here", title));\n}\n');
  assert.deepEqual(sqlFaults(treeOf(files)), []);
  const migration = 'CREATE TRIGGER t BEFORE UPDATE ON a EXECUTE FUNCTION f();\n' +
    'REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;\nEXECUTE format(\'GRANT SELECT ON a TO %I\', role);\n';
  assert.deepEqual(sqlFaults(treeOf({'db/migrations/0099_x.sql': migration})), []);
});
