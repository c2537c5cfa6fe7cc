// The repository's own files as text. A check is a function of such a tree, so that its self-test can plant
// bad files.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const kRoot = fileURLToPath(new URL('../..', import.meta.url));
const kSkippedFolders =
  new Set(['node_modules', 'build', 'dist', '.git', 'test-results', 'playwright-report']);
const kText =
  /\.(cpp|hpp|tsx?|m?js|css|html|sh|cmake|sql|ya?ml|json|md|txt|svg)$|(^|\/)(dev|run|\.npmrc|\.clang-\w+)$/;

function walk(folder, found) {
  for (const entry of readdirSync(join(kRoot, folder), {withFileTypes: true})) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!kSkippedFolders.has(entry.name)) walk(path, found);
    } else if (entry.isFile()) {
      found.push(path);
    }
  }
  return found;
}

// Paths of every file, from the root, with slashes.
export const allPaths = () => walk('', []).sort();

// Map of path to text.
export function readTree() {
  const paths = allPaths().filter((path) => kText.test(path));
  return new Map(paths.map((path) => [path, readFileSync(join(kRoot, path), 'utf8')]));
}

export const treeOf = (files) => new Map(Object.entries(files));

export const isCpp = (path) => /\.(cpp|hpp)$/.test(path);

export const isTypeScript = (path) => /\.(ts|tsx|mjs)$/.test(path) && !/\.d\.ts$/.test(path);

// Written by a program: the API types, lock files.
export const isGenerated = (path) => /(^|\/)(api-types\.ts|package-lock\.json)$/.test(path);

// Fails with every fault on a line of its own.
export function expectNone(faults) {
  if (faults.length > 0) assert.fail(`${faults.length} faults:\n${faults.join('\n')}`);
}
