// What would make trust worthless: keys that lie in the repository, secrets that are compared byte by byte,
// certificates that are not checked.
import {blank} from './cpp-source.mjs';
import {isCpp} from './tree.mjs';

const lineOf = (text, index) => text.slice(0, index).split('\n').length;

// Published vectors and keys that tests make up open nothing.
const kMayHoldKeys = /^(tests|protocol\/vectors)\/|\.test\.tsx?$/;
const kKeys = [
  [/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}/, 'a private key'],
  [/\brb[ke]_(?:[a-z0-9]{12}_)?[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/, 'an API key or enrolment token'],
  [/(?<![A-Za-z0-9_+/-])[A-Za-z0-9_-]{43}=(?![A-Za-z0-9_=-])/, 'a Fernet key'],
  [/\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[baprs]-[A-Za-z0-9-]{20,})\b/, 'a key of a service'],
];
const kKeyFile =
  /\.(pem|key|der|crt|p12|pfx|jks|keystore|htpasswd)$|(^|\/)(id_(rsa|ed25519|ecdsa)|\.env|\.netrc)$/;

// `paths`: every file, whatever its ending; `tree`: the texts among them.
export function keyFaults(tree, paths = [...tree.keys()]) {
  const faults = paths.filter((path) => kKeyFile.test(path))
                   .map((path) => `${path}: keys and certificates are made at run time`);
  for (const [path, text] of tree) {
    if (kMayHoldKeys.test(path)) continue;
    for (const [pattern, what] of kKeys) {
      const found = pattern.exec(text);
      if (found !== null) faults.push(`${path}:${lineOf(text, found.index)}: ${what}`);
    }
  }
  return faults;
}

// Programs as bytes: what a compiler put in, and the embedded user interface.
export function programKeyFaults(name, bytes) {
  const text = bytes.toString('latin1');
  return kKeys
    .filter(([, what]) => what !== 'a Fernet key')  // random text of the user interface looks like one
    .filter(([pattern]) => pattern.test(text))
    .map(([, what]) => `${name}: holds ${what}`);
}

// The one function that compares secrets, and Fernet's own, which knows no folder above it.
const kComparing = new Set(['controller/auth/secret.cpp', 'controller/secrets/fernet.cpp']);
// Compared with ==, because whoever asks has been shown both sides.
const kPublic = [
  [/^controller\/(domain|engine)\//, /approv(e\.|al(->|\.))digest/],  // what approvers are shown
  [/^controller\/audit\/checkpointer/, /mac/],                        // whether the last row is a new one
  [/^controller\/audit\/verification/, /second\.mac/],                // whether two checkpoints agree
  [/^controller\/yaml\//, /pointer_token/],                           // a part of a JSON pointer
];
const kSecretName =
  /(?:^|[._>])(\w*(?:digest|mac|hmac|csrf|secret|token|signature|password|passwd|api_?key)s?_?)$/i;
const kOperand = String.raw`[A-Za-z_][\w.>()*-]*`;
const kCompared = new RegExp(String.raw`(${kOperand})\s*(?:==|!=)\s*(\*?${kOperand}|")`, 'g');

function isSecret(operand) {
  const name = operand.replace(/\(.*$/, '').replace(/->/g, '.').replace(/[*)]+$/, '');
  return kSecretName.test(name) && !/^k[A-Z]/.test(name);
}

export function comparisonFaults(tree) {
  const faults = [];
  for (const [path, text] of tree) {
    if (!isCpp(path) || path.startsWith('tests/')) continue;
    const code = blank(text);
    for (const match of code.matchAll(/\b(?:CRYPTO_memcmp|timingsafe_\w+|memcmp|strcmp|strncmp|bcmp)\b/g)) {
      if (match[0] === 'CRYPTO_memcmp' && kComparing.has(path)) continue;
      faults.push(
        `${path}:${lineOf(code, match.index)}: ${match[0]}; secrets are compared by auth::same_secret`);
    }
    for (const match of code.matchAll(kCompared)) {
      if (!isSecret(match[1]) && !isSecret(match[2])) continue;
      if (/^(nullptr|std|NID_|Token|true|false|")|\.end\(/.test(match[2])) continue;
      if (kPublic.some(([file, name]) => file.test(path) && name.test(match[0]))) continue;
      faults.push(`${path}:${lineOf(code, match.index)}: ${match[0].trim()}; compare by auth::same_secret`);
    }
  }
  return faults;
}

const kLoose = [
  [/\bSSL_VERIFY_NONE\b/, 'SSL_VERIFY_NONE'],
  [/\bCURLOPT_SSL_VERIFY(?:PEER|HOST|STATUS)\s*,\s*0/, 'a request without a check of its certificate'],
  [/\bCURLOPT_SSL_VERIFYHOST\s*,\s*1/, 'a request without a check of the host name'],
  [/\bSSL_(?:CTX_)?set_security_level\([^,;]*,\s*[01]\s*\)/, 'a lower level of security'],
  [
    /\bX509_V_FLAG_(?:PARTIAL_CHAIN|ALLOW_PROXY_CERTS|NO_CHECK_TIME|TRUSTED_FIRST_OFF)\b/,
    'a looser check of chains'
  ],
];
const kSystemStore =
  /\bSSL_CTX_(?:set_default_verify\w*|load_verify\w*)\b|\bX509_STORE_set_default_paths\w*\b/;
// Names of switches that would turn a check off, in any spelling.
const kSwitch = new RegExp(
  String.raw`["'](?:--)?(?:allow[-_])?(?:insecure|no[-_](?:verify|check|tls|ssl)(?:[-_]\w+)*|` +
    String.raw`(?:skip|disable)[-_](?:verif|tls|ssl|cert)\w*|trust[-_]all|verify[-_]none)["']`,
  'i');

export function certificateFaults(tree) {
  const faults = [];
  for (const [path, text] of tree) {
    if (!isCpp(path) || path.startsWith('tests/')) continue;
    const code = blank(text);
    const add = (index, what) => faults.push(`${path}:${lineOf(text, index)}: ${what}`);
    for (const [pattern, what] of kLoose) {
      const found = pattern.exec(code);
      if (found !== null) add(found.index, what);
    }
    const store = kSystemStore.exec(code);
    if (store !== null)
      add(store.index, 'trusts the authorities of the system; agents and controller trust their own');
    const named = kSwitch.exec(text);
    if (named !== null) add(named.index, `${named[0]} would turn a check off`);
    const plain = /^agent\//.test(path) ? /["'](?:http|ws):\/\//.exec(text) : null;
    if (plain !== null) add(plain.index, 'an agent speaks TLS only');
    const moved = /^agent\//.test(path) ? /["']location["']/i.exec(text) : null;
    if (moved !== null) add(moved.index, 'an agent follows no redirect');
    const port = /^agent\//.test(path) ? /\bacceptor\b|\blisten\s*\(/.exec(code) : null;
    if (port !== null) add(port.index, 'an agent opens no port');
  }
  return faults;
}

// Words in a program that only a switch would need.
export function programSwitchFaults(name, bytes) {
  const text = bytes.toString('latin1');
  const found =
    /(?:^|\0)-{0,2}(?:insecure|no-verify|no-tls|skip-verify|skip-tls\w*|verify-none|trust-all)(?=\0)/i.exec(
      text);
  const faults = found === null ? [] : [`${name}: holds ${JSON.stringify(found[0])}`];
  if (/agent$/.test(name) && /(?:http|ws):\/\//.test(text))
    faults.push(`${name}: knows addresses without TLS`);
  return faults;
}

// What requests of agents may say beside their certificate; anything else could be taken for an identity.
const kAgentHeaders = new Set(['content-type', 'sec-websocket-protocol']);

export function agentHeaderFaults(tree) {
  const faults = [];
  for (const [path, text] of tree) {
    if (!/^controller\/fleet\/.*\.(cpp|hpp)$/.test(path)) continue;
    const read = [
      ...text.matchAll(/\bheader(?:_count)?\(\s*"([^"]*)"/g),
      ...text.matchAll(/(?:==|iequals\([^"]*)\s*"([\w-]+)"/g),
      ...text.matchAll(/"(x-[\w-]+|forwarded|authorization|cookie)"/gi),
    ];
    for (const match of read) {
      if (kAgentHeaders.has(match[1].toLowerCase())) continue;
      if (!/^[a-z]+-[a-z-]+$|^(forwarded|authorization|cookie)$/i.test(match[1])) continue;
      faults.push(`${path}:${lineOf(text, match.index)}: ${match[1]} is no identity; the certificate is`);
    }
  }
  return faults;
}
