// Prints "PASSED FAILED SKIPPED" of one suite: node tools/count-tests.mjs SUITE REPORT [FILTER]
// With a filter, tests that it leaves out are not counted as skipped.
import {existsSync, readFileSync} from 'node:fs';

const [suite, report, filter] = process.argv.slice(2);
const text = existsSync(report) ? readFileSync(report, 'utf8') : '';

const number = (pattern) => Number(pattern.exec(text)?.[1] ?? 0);

function fromArchitecture() {
  return [number(/^ℹ pass (\d+)/m), number(/^ℹ fail (\d+)/m), number(/^ℹ skipped (\d+)/m)];
}

function fromCtest() {
  const failed = number(/(\d+) tests? failed out of \d+/);
  const skipped = [...text.matchAll(/\*\*\*(Skipped|Not Run)/g)].length;
  return [number(/tests? failed out of (\d+)/) - failed - skipped, failed, skipped];
}

function fromVitest() {
  const {numPassedTests, numFailedTests, numPendingTests} = JSON.parse(text);
  return [numPassedTests, numFailedTests, numPendingTests];
}

function fromPlaywright() {
  const {expected, unexpected, flaky, skipped} = JSON.parse(text).stats;
  return [expected + flaky, unexpected, skipped];
}

const counters = {
  architecture: fromArchitecture,
  cpp: fromCtest,
  ui: fromVitest,
  e2e: fromPlaywright
};
const needsReport = suite === 'ui' || suite === 'e2e';
const [passed, failed, skipped] = text === '' && needsReport ? [0, 0, 0] : counters[suite]();
console.log(passed, failed, filter ? 0 : skipped);
