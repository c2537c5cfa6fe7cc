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
function spawnFaults(nodes, byReference) {
  const found = [];
  const inSpawn = (group) => visit(group.nodes, (node, i, siblings) => {
    const next = siblings[i + 1];
    if (isLambda(siblings, i)) {
      const body = lambdaBody(siblings, i);
      const called = body !== -1 && siblings[body + 1]?.open === '(';
      if (called && node.nodes.length > 0)
        found.push([node.line, 'a spawned coroutine whose lambda with captures is gone']);
    } else if (node.text !== undefined && next?.open === '(' && byReference.has(node.text)) {
      found.push([node.line, `${node.text} is spawned, but a parameter refers to its argument`]);
    }
  }, () => {});
  visit(nodes, (node, i, siblings) => {
    if ((node.text === 'spawn' || node.text === 'co_spawn') && siblings[i + 1]?.open === '(')
      inSpawn(siblings[i + 1]);
  }, () => {});
  return found;
}

function blockFaults(block, byReference) {
  const found = [];
  for (const {nodes, blocks} of statements(block)) {
    found.push(...expressionFaults(nodes), ...spawnFaults(nodes, byReference));
    visit(nodes, () => {}, (body) => found.push(...blockFaults(body, byReference)));
    for (const inner of blocks) found.push(...blockFaults(inner, byReference));
  }
  return found;
}

// Names of coroutines that are declared somewhere with a parameter that may refer to a temporary. A plain T&
// cannot: its caller names an object, such as the group that the task belongs to.
function coroutinesByReference(sources) {
  const names = new Set();
  for (const text of sources) {
    for (const match of blank(text).matchAll(/awaitable<[^;{}()]*>\s+(?:\w+::)*(\w+)\(([^)]*)\)/g)) {
      if (/\bconst\b[^,]*&|&&|string_view|\bspan\b/.test(match[2])) names.add(match[1]);
    }
  }
  return names;
}

export function coroutineFaults(tree) {
  const sources = [...tree].filter(([path]) => isCpp(path));
  const byReference = coroutinesByReference(sources.map(([, text]) => text));
  return sources.flatMap(([path, text]) => {
    const found = blockFaults(parse(text), byReference);
    for (const match of blank(text).matchAll(/\bdetached\b/g)) {
      found.push([text.slice(0, match.index).split('\n').length, 'detached: give the task to a group']);
    }
    return found.map(([line, what]) => `${path}:${line}: ${what}`);
  });
}
