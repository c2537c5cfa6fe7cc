// openapi.yaml against the rules by which OWASP's list of risks of APIs is looked for in such a document (a
// rule set of Stoplight's). Where a rule wants what is meant otherwise here, the reason stands below.
import {createRequire} from 'node:module';

// Where the npm packages of tests are.
const require = createRequire(new URL('../e2e/package.json', import.meta.url));
const {Document, Spectral} = require('@stoplight/spectral-core');
const {Yaml} = require('@stoplight/spectral-parsers');
const owasp = require('@stoplight/spectral-owasp-ruleset');

const kOpen = /^\/paths\/\/(healthz|readyz|ui|session)/;

// [rule, where, why]
const kMeant = [
  ['owasp:api4:2023-rate-limit', /./, 'no quota that a client could spend; 429 comes with Retry-After'],
  ['owasp:api8:2023-define-cors-origin', /./, 'no other origin may read anything: the header is never sent'],
  ['owasp:api4:2023-string-restricted', /./, 'titles, commands and reasons are free text'],
  ['owasp:api4:2023-string-limit', /\/example\//, 'an example is no schema'],
  ['owasp:api2:2023-no-credentials-in-url', /\{token_id\}/, 'the id of an enrolment token is not the token'],
  ['owasp:api2:2023-write-restricted', /^\/paths\/\/session\/post/, 'it is where keys are shown'],
  ['owasp:api2:2023-read-restricted', kOpen, 'load balancers have no key'],
  ['owasp:api8:2023-define-error-responses-401', kOpen, 'needs no key'],
];

const isMeant = (code, where) => kMeant.some(([rule, place]) => rule === code && place.test(where));

// Errors and warnings, as "rule at /path: message".
export async function openApiFaults(text) {
  const spectral = new Spectral();
  spectral.setRuleset({extends: [[owasp, 'recommended']], rules: {}});
  const found = await spectral.run(new Document(text, Yaml, 'controller/api/openapi.yaml'));
  return found
    .map(({code, path, message, severity}) => ({code, where: `/${path.join('/')}`, message, severity}))
    .filter(({code, where, severity}) => severity <= 1 && !isMeant(code, where))
    .map(({code, where, message}) => `${code} at ${where}: ${message}`);
}
