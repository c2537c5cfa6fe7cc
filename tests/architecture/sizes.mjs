// Functions of at most 70 lines, files 400, headers 150; lines of at most 110 characters. For C++, TypeScript
// and scripts.
import {createRequire} from 'node:module';

import {functions} from './cpp-source.mjs';
import {isCpp, isGenerated, isTypeScript} from './tree.mjs';

const kFunction = 70;
const kFile = 400;
const kHeader = 150;
const kLine = 110;

const isSource = (path) =>
  /\.(cpp|hpp|ts|tsx|mjs|css|cmake|sh|sql)$/.test(path) || /(^|\/)(CMakeLists\.txt|dev)$/.test(path);

// The compiler the user interface is built with; it is there whenever ./dev test runs.
const typescript = createRequire(new URL('../../ui/package.json', import.meta.url))('typescript');

const kSuites = /^(describe|test\.describe|suite)\b/;

// Functions of a TypeScript file. The callback of a suite is a folder of tests, not a function.
function typeScriptFunctions(path, text) {
  const kind = path.endsWith('x') ? typescript.ScriptKind.TSX : typescript.ScriptKind.TS;
  const file = typescript.createSourceFile(path, text, typescript.ScriptTarget.Latest, true, kind);
  const found = [];
  const lineAt = (position) => file.getLineAndCharacterOfPosition(position).line + 1;
  const enter = (node) => {
    const isSuite = typescript.isCallExpression(node.parent ?? node) &&
      kSuites.test(node.parent.expression?.getText() ?? '');
    if (typescript.isFunctionLike(node) && node.body !== undefined && !isSuite) {
      const name = node.name?.getText() ?? node.parent?.name?.getText?.() ?? 'a function';
      found.push({name, line: lineAt(node.getStart()), end: lineAt(node.end)});
    }
    typescript.forEachChild(node, enter);
  };
  enter(file);
  return found;
}

function functionsOf(path, text) {
  if (isCpp(path)) return functions(text);
  return isTypeScript(path) ? typeScriptFunctions(path, text) : [];
}

function fileFaults(path, text) {
  const faults = [];
  const lines = text.split('\n');
  const count = text.endsWith('\n') ? lines.length - 1 : lines.length;
  const limit = path.endsWith('.hpp') ? kHeader : kFile;
  if (count > limit) faults.push(`${path}: ${count} lines, ${limit} allowed`);
  lines.forEach((line, i) => {
    const length = [...line].length;
    if (length > kLine) faults.push(`${path}:${i + 1}: ${length} characters, ${kLine} allowed`);
  });
  for (const {name, line, end} of functionsOf(path, text)) {
    const length = end - line + 1;
    if (length > kFunction) faults.push(`${path}:${line}: ${name} has ${length} lines, ${kFunction} allowed`);
  }
  return faults;
}

export function sizeFaults(tree) {
  return [...tree]
    .filter(([path]) => isSource(path) && !isGenerated(path))
    .flatMap(([path, text]) => fileFaults(path, text));
}
