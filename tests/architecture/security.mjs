// SECURITY.md tells of each promise once, in a known state, and names tests that are there.
import {existsSync} from 'node:fs';
import {join} from 'node:path';

import {kRoot} from './tree.mjs';

const kPromises = 47;
const kEndings = {
  unit: '_test.cpp',
  integration: '_test.cpp',
  e2e: '.spec.ts',
  architecture: '.test.mjs',
  ui: '.test.ts'
};

const isThere = (path) => existsSync(join(kRoot, path));

export function promiseFaults(text, exists = isThere) {
  const faults = [];
  const rows = [...text.matchAll(/^\| (S\d+) \|([^\n]*)\|$/gm)];
  for (let i = 1; i <= kPromises; i++) {
    const count = rows.filter((row) => row[1] === `S${i}`).length;
    if (count !== 1) faults.push(`S${i} has ${count} rows`);
  }
  for (const [, id, rest] of rows) {
    const [promise, state, proof, missing] = rest.split('|').map((cell) => cell.trim());
    if (promise === '' || missing === undefined) faults.push(`${id}: four cells are needed`);
    if (!['held', 'partly', 'open'].includes(state)) faults.push(`${id}: "${state}" is no state`);
    if (state === 'held' && (proof === '' || missing !== ''))
      faults.push(`${id}: held needs a proof and no gap`);
    if (state === 'partly' && (proof === '' || missing === ''))
      faults.push(`${id}: partly needs a proof and a gap`);
    for (const [, name] of (proof ?? '').matchAll(/`([^`]+)`/g)) {
      const [suite] = name.split('/');
      const path = `${suite === 'ui' ? '' : 'tests/'}${name}${kEndings[suite]}`;
      if (!exists(path)) faults.push(`${id}: there is no ${path}`);
    }
  }
  return faults;
}
