// Words that have no place in this repository: names that say nothing, notes to finish later, sleeps in
// tests, and hosts of package registries (every machine has its own).
import {blank} from './cpp-source.mjs';
import {isCpp, isTypeScript} from './tree.mjs';

const kEmptyName =
  /(Manager|Helper|Util|Utils|Common)(?![a-z])|(^|[_\-/])(manager|helpers?|utils?|common)(?=$|[_\-./])/;
const kDeclared = /\b(?:class|struct|enum|namespace|interface|type|function|const|let)\s+(?:\w+::)*(\w+)/g;
const kLater = new RegExp(`\\b(${
    ['TO' +
       'DO',
     'FIX' +
       'ME',
     'X' +
       'XX']
      .join('|')})\\b`);
const kSleep =
  /\b(sleep|sleep_for|sleep_until|usleep|nanosleep|waitForTimeout)\s*\(|new Promise\([^;]*\bsetTimeout\b/;

// Put together here so that this file does not hold them.
const kHosts = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['deb', 'debian', 'org'],
  ['security', 'debian', 'org'],
  ['snapshot', 'debian', 'org'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
  ['static', 'crates', 'io'],
].map((parts) => parts.join('.'));

const isTest = (path) => /^tests\/(unit|integration)\/.*\.cpp$|\.(test|spec)\.tsx?$/.test(path);

const lineOf = (text, index) => text.slice(0, index).split('\n').length;

function codeFaults(path, text) {
  const faults = [];
  const code = isCpp(path) ? blank(text) : text;
  for (const match of code.matchAll(kDeclared)) {
    if (kEmptyName.test(match[1]))
      faults.push(`${path}:${lineOf(code, match.index)}: ${match[1]} says nothing`);
  }
  const sleep = isTest(path) ? kSleep.exec(code) : null;
  if (sleep !== null)
    faults.push(`${path}:${lineOf(code, sleep.index)}: a test that sleeps; wait for a signal`);
  return faults;
}

export function wordFaults(tree) {
  const faults = [];
  for (const [path, text] of tree) {
    if (/^tests\/architecture\/.*\.test\.mjs$/.test(path)) continue;  // they plant what is looked for
    if (kEmptyName.test(path)) faults.push(`${path}: a name that says nothing`);
    const later = kLater.exec(text);
    if (later !== null && !path.endsWith('.svg'))
      faults.push(`${path}:${lineOf(text, later.index)}: ${later[0]}`);
    for (const host of kHosts)
      if (text.includes(host)) faults.push(`${path}: names ${host}`);
    if (isCpp(path) || isTypeScript(path)) faults.push(...codeFaults(path, text));
  }
  return faults;
}
