// Shapes that compilers have miscompiled, or that dangle, where a coroutine is involved (docs/adr/0001): in
// one expression with co_await no value-capturing lambda, no aggregate temporary, no ?: and no switch on it;
// nothing detached; no reference parameter and no captured state in a coroutine that outlives the call that
// made it.
import {blank, isLambda, lambdaBody, parse, statements, visit} from './cpp-source.mjs';
import {isCpp} from './tree.mjs';

const texts = (nodes) => nodes.map((node) => node.text ?? node.open);

// `[this, &x]` captures no value; `[=]`, `[x]`, `[x = …]` do.
function capturesValue(introducer) {
  const parts = texts(introducer.nodes).join(' ').split(',').map((part) => part.trim());
  return parts.some((part) => part !== '' && part !== 'this' && !part.startsWith('&'));
}

// More than one value, or named ones. A single value in braces is nearly always a constructor call.
function isAggregate(group) {
  const inner = texts(group.nodes);
  return inner.includes(',') || inner[0] === '.';
}

// The faults of one expression that holds a co_await outside the bodies of its lambdas.
function expressionFaults(nodes) {
  const found = [];
  let line = 0;
  let awaits = false;
  visit(nodes, (node, i, siblings) => {
    if (node.text === 'co_await') {
      awaits = true;
      line = line === 0 ? node.line : line;
      if (nodes[0].text === 'switch') found.push([node.line, 'switch on co_await']);
    }
    if (node.text === '?') found.push([node.line, '?: in one expression with co_await']);
    if (isLambda(siblings, i) && lambdaBody(siblings, i) !== -1 && capturesValue(node)) {
      found.push([node.line, 'a lambda that captures values in one expression with co_await']);
    }
    if (node.open === '{' && isAggregate(node)) {
      found.push([node.line, 'an aggregate temporary in one expression with co_await']);
    }
  }, () => {});
  return awaits ? found : [];
}

// A name after spawn( or co_spawn( that is called there, and lambdas called there.
function spawnFaults(nodes, refers) {
  const found = [];
  const inSpawn = (group) => visit(group.nodes, (node, i, siblings) => {
    const next = siblings[i + 1];
    if (isLambda(siblings, i)) {
      const body = lambdaBody(siblings, i);
      const called = body !== -1 && siblings[body + 1]?.open === '(';
      if (called && node.nodes.length > 0)
        found.push([node.line, 'a spawned coroutine whose lambda with captures is gone']);
    } else if (node.text !== undefined && next?.open === '(' && next.nodes.length > 0 && refers(node.text)) {
      found.push([node.line, `${node.text} is spawned, but a parameter refers to its argument`]);
    }
  }, () => {});
  visit(nodes, (node, i, siblings) => {
    if ((node.text === 'spawn' || node.text === 'co_spawn') && siblings[i + 1]?.open === '(')
      inSpawn(siblings[i + 1]);
  }, () => {});
  return found;
}

function blockFaults(block, refers) {
  const found = [];
  for (const {nodes, blocks} of statements(block)) {
    found.push(...expressionFaults(nodes), ...spawnFaults(nodes, refers));
    visit(nodes, () => {}, (body) => found.push(...blockFaults(body, refers)));
    for (const inner of blocks) found.push(...blockFaults(inner, refers));
  }
  return found;
}

const kCoroutine = /awaitable<[^;{}()]*>\s+(?:\w+::)*(\w+)\(([^)]*)\)/g;
const kLocalCoroutine = /\b(\w+) = \[[^\]]*\]\(([^)]*)\)[^;{]*->[^;{]*awaitable/g;

// Coroutines with a parameter that may refer to a temporary: stem of the declaring file → names. A plain T&
// may not: its caller names an object, such as the group that the task belongs to.
function declaredCoroutines(sources) {
  const declared = new Map();
  for (const [path, text] of sources) {
    const names = declared.get(stem(path)) ?? new Map();
    for (const pattern of [kCoroutine, kLocalCoroutine]) {
      for (const match of blank(text).matchAll(pattern)) {
        const refers = /\bconst\b[^,]*&|&&|string_view|\bspan\b/.test(match[2]);
        names.set(match[1], refers || names.get(match[1]) === true);
      }
    }
    declared.set(stem(path), names);
  }
  return declared;
}

const stem = (path) => path.replace(/\.[ch]pp$/, '');

// Whether a name that `path` calls refers to its arguments: the file's own declaration decides, else any
// other.
function referring(declared, path) {
  const own = declared.get(stem(path));
  return (name) => own.get(name) ?? [...declared.values()].some((names) => names.get(name) === true);
}

export function coroutineFaults(tree) {
  const sources = [...tree].filter(([path]) => isCpp(path));
  const declared = declaredCoroutines(sources);
  return sources.flatMap(([path, text]) => {
    const found = blockFaults(parse(text), referring(declared, path));
    for (const match of blank(text).matchAll(/\bdetached\b/g)) {
      found.push([text.slice(0, match.index).split('\n').length, 'detached: give the task to a group']);
    }
    return found.map(([line, what]) => `${path}:${line}: ${what}`);
  });
}
