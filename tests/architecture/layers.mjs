// Includes point one way (ARCHITECTURE.md, "Folders and layers"): an edge that is not in this table is a
// fault, and so are a cycle of files, a library outside the folders that may see it, and anything but pure
// code in the pure folders.
import {blank} from './cpp-source.mjs';
import {isCpp} from './tree.mjs';

const kMessages = ['protocol/messages'];
const kExpression = 'controller/expression';
const kProtocol = [...kMessages, 'protocol/runtime', 'protocol/transport'];
const kDomain = ['controller/domain', 'controller/domain/execution'];
const kStore = [...kProtocol, 'db', ...kDomain, 'controller/store'];
const kPorts = 'controller/engine/ports.hpp';

// Folder → what it may include: folders, or single headers.
const kEdges = {
  'protocol/messages': [],
  'protocol/runtime': kMessages,
  'protocol/transport': [...kMessages, 'protocol/runtime'],
  certs: kProtocol,
  db: [...kMessages, 'protocol/runtime'],
  'controller/expression': kMessages,
  'controller/domain': [...kMessages, kExpression],
  'controller/domain/execution': [...kMessages, 'controller/domain'],
  'controller/yaml': kMessages,
  'controller/metrics': kMessages,
  'controller/secrets': [...kMessages, 'protocol/runtime'],
  'controller/store': [...kMessages, 'protocol/runtime', 'db', ...kDomain],
  'controller/auth': [...kStore, 'controller/metrics', 'controller/http'],
  'controller/audit': [...kStore, 'controller/auth'],
  'controller/http': [...kProtocol, 'controller/metrics'],
  'controller/engine': [
    ...kMessages, 'protocol/runtime', 'db', ...kDomain, kExpression, 'controller/store', 'controller/metrics',
    'controller/secrets'
  ],
  'controller/fleet': [...kStore, 'certs', 'controller/http', 'controller/metrics', kPorts],
  'controller/live': [...kStore, 'controller/auth', 'controller/http', 'controller/metrics', kPorts],
  'controller/api': [
    ...kStore, 'certs', 'controller/audit', 'controller/auth', 'controller/http', 'controller/engine',
    'controller/fleet', 'controller/live', 'controller/metrics', 'controller/secrets', 'controller/yaml'
  ],
  'controller/app': [
    ...kStore, 'certs', 'controller/api', 'controller/audit', 'controller/auth', 'controller/http',
    'controller/engine', 'controller/fleet', 'controller/live', 'controller/metrics', 'controller/secrets',
    'controller/yaml', kExpression
  ],
  controller: ['controller/app', 'protocol/runtime', ...kMessages],
  'agent/runner': [...kMessages, 'protocol/runtime'],
  'agent/connection': [...kProtocol, 'certs', 'agent/runner'],
  'agent/policy': [...kMessages, 'agent/runner'],
  'agent/app': [...kProtocol, 'certs', 'agent/runner', 'agent/connection', 'agent/policy'],
  agent: ['agent/app', 'protocol/runtime', ...kMessages],
  cmake: [],
};

// Libraries that few folders may see; tests may see all of them.
const kLibraries = [
  {
    pattern: /^boost\/beast/,
    name: 'Beast',
    folders: ['controller/http', 'controller/live', 'protocol/transport']
  },
  {pattern: /^pqxx/, name: 'pqxx', folders: ['db', 'controller/store']},
  {pattern: /^curl\//, name: 'libcurl', folders: ['controller/engine']},
];

const kPure = ['protocol/messages', 'controller/yaml', kExpression, ...kDomain];
const kImpure = [
  [/\bco_(await|return|yield)\b/, 'a coroutine'],
  [/\b(system|steady|utc|high_resolution)_clock\s*::\s*now\b/, 'a clock'],
  [
    /#\s*include\s*<(boost\/asio|fstream|iostream|filesystem|thread|mutex|spdlog|unistd\.h|sys\/)/,
    'I/O, threads or logging'
  ],
];

const folderOf = (path) => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

function includes(text) {
  return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]/gm)].map(
    (match) => ({
      own: match[1] === '"',
      path: match[2],
      line: text.slice(0, match.index).split('\n').length,
    }));
}

function edgeFault(path, include) {
  const from = folderOf(path);
  const to = folderOf(include.path);
  const allowed = kEdges[from];
  if (allowed === undefined) return `${from}/ is not in the table of layers (tests/architecture/layers.mjs)`;
  if (to === '' || to === from || allowed.includes(to) || allowed.includes(include.path)) return null;
  return `${from}/ may not include ${include.path}`;
}

function libraryFault(path, include) {
  const library = kLibraries.find(({pattern}) => pattern.test(include.path));
  if (library === undefined || library.folders.includes(folderOf(path))) return null;
  return `only ${library.folders.join(', ')} may see ${library.name}`;
}

function cycles(graph) {
  const faults = [];
  const state = new Map();
  const enter = (path, trail) => {
    if (state.get(path) === 'done' || !graph.has(path)) return;
    if (state.get(path) === 'open') {
      faults.push(`${path}: a cycle of includes: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`);
      return;
    }
    state.set(path, 'open');
    for (const next of graph.get(path)) enter(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) enter(path, []);
  return faults;
}

export function layerFaults(tree) {
  const faults = [];
  const graph = new Map();
  for (const [path, text] of tree) {
    if (!isCpp(path) || path.startsWith('tests/')) continue;
    const found = includes(text);
    graph.set(path, found.filter((include) => include.own).map((include) => include.path));
    for (const include of found) {
      const fault = include.own ? edgeFault(path, include) : libraryFault(path, include);
      if (fault !== null) faults.push(`${path}:${include.line}: ${fault}`);
    }
    if (!kPure.includes(folderOf(path))) continue;
    for (const [pattern, what] of kImpure)
      if (pattern.test(blank(text))) faults.push(`${path}: ${what} in a pure folder`);
  }
  return [...faults, ...cycles(graph)];
}
