// Reading C++ without a compiler: comments and literals blanked, then tokens and nested brackets, then
// statements. Enough for the shapes of this house's style; preprocessor lines are dropped.

const kBlank = new RegExp(
  [
    String.raw`\/\/[^\n]*`,                           // comments
    String.raw`\/\*[\s\S]*?\*\/`,                     //
    String.raw`R"([^(\s]*)\([\s\S]*?\)\1"`,           // raw strings
    String.raw`"(?:\\.|[^"\\\n])*"`,                  // strings
    String.raw`(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'`,  // characters, not digit separators
  ].join('|'),
  'g');

// Same length and lines; comments become spaces, literals become spaces between their quotes.
export function blank(text) {
  return text.replace(kBlank, (match) => {
    const inner = (from) => from.replace(/[^\n]/g, ' ');
    if (match.startsWith('/')) return inner(match);
    const quote = match.endsWith('\'') ? '\'' : '"';
    return quote + inner(match.slice(1, -1)) + quote;
  });
}

const kToken = /[A-Za-z_]\w*|\d[\w.']*|::|->|&&|\|\||"[^"]*"|'[^']*'|[^\s]/g;
const kClosing = {
  '(': ')',
  '[': ']',
  '{': '}'
};

function tokens(text) {
  const code = blank(text).replace(/^[ \t]*#(?:.*\\\n)*.*$/gm, (line) => line.replace(/[^\n]/g, ' '));
  const found = [];
  let line = 1;
  let last = 0;
  for (const match of code.matchAll(kToken)) {
    for (let i = last; i < match.index; i++)
      if (code[i] === '\n') line++;
    const first = line;
    for (const c of match[0])
      if (c === '\n') line++;
    last = match.index + match[0].length;
    found.push({text: match[0], line: first});
  }
  return found;
}

// Tokens with every bracket pair folded into {open, nodes, line, end}.
export function parse(text) {
  const root = {open: '{', nodes: [], line: 1, end: 1};
  const stack = [root];
  for (const token of tokens(text)) {
    const top = stack.at(-1);
    if (token.text in kClosing) {
      const group = {open: token.text, nodes: [], line: token.line, end: token.line};
      top.nodes.push(group);
      stack.push(group);
    } else if (stack.length > 1 && token.text === kClosing[top.open]) {
      top.end = token.line;
      stack.pop();
    } else {
      top.nodes.push(token);
    }
  }
  return root;
}

const isGroup = (node, open) => node !== undefined && node.open === open;
const isWord = (node) => node !== undefined && node.text !== undefined && /^[A-Za-z_]/.test(node.text);
const kOperatorWords =
  new Set(['return', 'co_return', 'co_await', 'co_yield', 'case', 'else', 'do', 'throw']);

// A lambda's introducer, as opposed to a subscript or an attribute.
export function isLambda(nodes, index) {
  if (!isGroup(nodes[index], '[') || isGroup(nodes[index].nodes[0], '[')) return false;
  const before = nodes[index - 1];
  if (isGroup(before, '(') || isGroup(before, '[') || isGroup(before, '{')) return false;
  if (isWord(before) && !kOperatorWords.has(before.text)) return false;
  return !(before !== undefined && /^["'\d]/.test(before.text ?? ''));
}

// Index of the braces that are the body of the lambda whose introducer is at `index`, or -1.
export function lambdaBody(nodes, index) {
  for (let i = index + 1; i < nodes.length; i++) {
    if (isGroup(nodes[i], '{')) return i;
    if (nodes[i].text === ';' || nodes[i].text === ',') return -1;
  }
  return -1;
}

const kBlockWords = new Set(['else', 'do', 'try', 'const', 'noexcept', 'override', 'final', 'mutable']);
const kScopeWords = new Set(['namespace', 'class', 'struct', 'union', 'enum']);

// Whether the braces after `before` (the statement so far) are a block and not an initializer.
function opensBlock(before) {
  const last = before.at(-1);
  if (last === undefined || isGroup(last, '(') || kBlockWords.has(last.text)) return true;
  if (before.some((node) => kScopeWords.has(node.text)) && !before.some((node) => node.text === '=')) {
    return !before.some((node) => isGroup(node, '('));
  }
  if (isGroup(last, '{')) return true;  // constructor: a_{x}, b_{y} {
  if (last.text === ':') return true;   // case X: {
  const arrow = before.findIndex(
    (node, i) => node.text === '->' && (isGroup(before[i - 1], '(') || kBlockWords.has(before[i - 1]?.text)));
  return arrow !== -1;
}

// The statements of a block: {nodes, blocks}, where lambda bodies and the block that ends a statement are in
// `blocks`.
export function statements(block) {
  const found = [];
  let nodes = [];
  let blocks = [];
  const bodies = new Set();
  const finish = () => {
    if (nodes.length > 0 || blocks.length > 0) found.push({nodes, blocks});
    nodes = [];
    blocks = [];
  };
  block.nodes.forEach((node, i) => {
    if (node.text === ';') {
      finish();
    } else if (isGroup(node, '{') && !bodies.has(i) && opensBlock(nodes)) {
      blocks.push(node);
      finish();
    } else {
      if (isLambda(block.nodes, i)) bodies.add(lambdaBody(block.nodes, i));
      nodes.push(node);
    }
  });
  finish();
  return found;
}

// Visits every node of an expression with its siblings; bodies of lambdas are handed to `onBody` and not
// entered.
export function visit(nodes, onNode, onBody) {
  const bodies = new Set();
  nodes.forEach((node, i) => {
    if (isLambda(nodes, i)) bodies.add(lambdaBody(nodes, i));
    if (bodies.has(i)) {
      onBody(node);
      return;
    }
    onNode(node, i, nodes);
    if (node.nodes !== undefined) visit(node.nodes, onNode, onBody);
  });
}

const kControl =
  new Set(['if', 'for', 'while', 'switch', 'catch', 'return', 'sizeof', 'decltype', 'alignas', 'requires']);

// Functions with a body: {name, line, end}. Lambdas count to the function they stand in.
export function functions(text) {
  const found = [];
  const enter = (block) => {
    for (const {nodes, blocks} of statements(block)) {
      const isScope =
        nodes.some((node) => kScopeWords.has(node.text)) || nodes.length === 0 || nodes[0].text === 'extern';
      const at = nodes.findIndex(
        (node, i) => isGroup(node, '(') && isWord(nodes[i - 1]) && !kControl.has(nodes[i - 1].text));
      if (!isScope && at > 0 && blocks.length > 0) {
        found.push({name: nodes[at - 1].text, line: nodes[0].line, end: blocks.at(-1).end});
      } else {
        blocks.forEach(enter);
      }
    }
  };
  enter(parse(text));
  return found;
}
