// SQL is written once and given its values as parameters: a text of SQL may be put together from constants
// only, never from anything a request, an agent or a row brought.
import {isCpp} from './tree.mjs';

const kFolders = /^(db|controller\/store)\//;
const kWord =
  'SELECT|INSERT INTO|UPDATE \\w+ SET|DELETE FROM|WHERE|ORDER BY|LIMIT|JOIN|LISTEN|NOTIFY|CREATE|' +
  'ALTER|DROP|SET LOCAL';
const kSql = new RegExp(`\\b(${kWord})\\b`);
// Runs the texts it is handed, or those the program was built with.
const kRunners = new Set(['db/parameters.hpp', 'db/parameters.cpp', 'db/migrator.cpp']);
const kWords = new Set(['std::string', 'fmt::format', 'fmt::runtime', 'std::string_view']);

const kToken = new RegExp(
  [
    String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`,              // comments
    String.raw`R"(\w*)\([\s\S]*?\)\1"`,                   // raw strings
    String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'`,  // strings and characters
    String.raw`[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*`,          // names
    String.raw`\d[\w.']*|->|\+=|[<>=!]=|[^\s]`,           // numbers and signs
  ].join('|'),
  'g');

function tokensOf(text) {
  const found = [];
  let line = 1;
  let last = 0;
  for (const match of text.matchAll(kToken)) {
    line += text.slice(last, match.index).split('\n').length - 1;
    last = match.index;
    if (!/^\/[/*]/.test(match[0])) found.push({text: match[0], line});
  }
  return found;
}

const isLiteral = (token) => /^(R?"|')/.test(token.text);
const isName = (token) => /^[A-Za-z_]/.test(token.text) && !isLiteral(token);
const kOpen = '([{';
const kClose = ')]}';

// Index of the bracket that closes the one at `at`.
function closing(tokens, at) {
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    if (kOpen.includes(tokens[i].text)) depth++;
    if (kClose.includes(tokens[i].text) && --depth === 0) return i;
  }
  return tokens.length;
}

// The expression round `at`: up to what ends it on either side.
function expressionRound(tokens, at) {
  const ends = new Set([',', ';', '=', '+=', 'return', '?', ':', '&&', '||']);
  let first = at;
  for (let depth = 0; first > 0; first--) {
    const {text} = tokens[first - 1];
    if (kClose.includes(text))
      depth++;
    else if (kOpen.includes(text) && --depth < 0)
      break;
    else if (depth === 0 && ends.has(text))
      break;
  }
  let last = at;
  for (let depth = 0; last < tokens.length - 1; last++) {
    const {text} = tokens[last + 1];
    if (kOpen.includes(text))
      depth++;
    else if (kClose.includes(text) && --depth < 0)
      break;
    else if (depth === 0 && ends.has(text))
      break;
  }
  return tokens.slice(first, last + 1);
}

// Arguments of the call whose bracket opens at `at`, each a list of tokens.
function argumentsAt(tokens, at) {
  const all = [[]];
  let depth = 0;
  for (const token of tokens.slice(at + 1, closing(tokens, at))) {
    if (kOpen.includes(token.text)) depth++;
    if (kClose.includes(token.text)) depth--;
    if (depth === 0 && token.text === ',')
      all.push([]);
    else
      all.at(-1).push(token);
  }
  return all;
}

// What may stand in a text of SQL: constants, and what can only be made of them: parameters of type
// `const char*`, texts that callers in the same file give as literals, `fragments` of other files.
class File {
  constructor(path, text, fragments) {
    this.path = path;
    this.tokens = tokensOf(text);
    this.names = new Set([...kWords, ...fragments]);
    for (const [, name] of text.matchAll(/\bconst char\s*\*\s*(?:const\s+)?(\w+)/g)) this.names.add(name);
    this.sqlNames = new Set(fragments);
    this.tokens.forEach((token, i) => {
      if (!/^k[A-Z]/.test(token.text) || !['=', '('].includes(this.tokens[i + 1]?.text)) return;
      for (let j = i + 2; j < this.tokens.length && this.tokens[j].text !== ';'; j++)
        if (isLiteral(this.tokens[j]) && kSql.test(this.tokens[j].text)) this.sqlNames.add(token.text);
    });
    for (const [, name, list] of text.matchAll(/\b(\w+)\(([^()]*)\) \{/g)) this.parameters(name, list);
  }

  // The texts among the parameters of function `name`, when all its callers give constants.
  parameters(name, list) {
    const texts = [...list.matchAll(/\bstd::string_view (\w+)/g)].map((match) => match[1]);
    const calls = this.tokens.flatMap(
      (token, i) =>
        token.text === name && this.tokens[i + 1]?.text === '(' ? [argumentsAt(this.tokens, i + 1)] : []);
    const good = calls.slice(1).every((given) => this.stranger(given.flat()) === undefined);
    if (calls.length > 1 && good) texts.forEach((text) => this.names.add(text));
  }

  isConstant(name) { return this.names.has(name) || /^k[A-Z]/.test(name.split('::').at(-1)); }

  isSql(token) { return isLiteral(token) ? kSql.test(token.text) : this.sqlNames.has(token.text); }

  // The first name in `part` that is no constant.
  stranger(part) {
    for (let i = 0; i < part.length; i++) {
      const of_constant = part[i - 1]?.text === '.' && this.isConstant(part[i - 2]?.text ?? '');
      if (!isName(part[i]) || of_constant) continue;
      if (!this.isConstant(part[i].text)) return part[i];
      // A function of this file that answers with one of its literals, whatever it is asked.
      if (part[i + 1]?.text === '(' && !kWords.has(part[i].text)) i = closing(part, i + 1);
    }
    return undefined;
  }

  built(part, faults, line) {
    const stranger = part.some((token) => this.isSql(token)) ? this.stranger(part) : undefined;
    if (stranger !== undefined)
      faults.push(`${this.path}:${line}: ${stranger.text} is put into a text of SQL; make it a parameter`);
  }

  // `name` holds constants in every place that gives it a value.
  holdsConstants(name) {
    const given = [];
    this.tokens.forEach((token, i) => {
      if (token.text !== name || this.tokens[i + 1]?.text !== '=') return;
      const end = this.tokens.findIndex((each, j) => j > i && each.text === ';');
      const value = this.tokens.slice(i + 2, end);
      given.push(value.slice(value.findIndex((each) => each.text === '?') + 1));
    });
    return given.length > 0 && given.every((value) => this.stranger(value) === undefined);
  }

  runs(text, faults, line) {
    const stranger = this.stranger(text);
    if (stranger === undefined || kRunners.has(this.path)) return;
    const isChoice = text.some((token) => token.text === '?') &&
      this.stranger(text.slice(text.findIndex((token) => token.text === '?') + 1)) === undefined;
    if (isChoice || (text.length === 1 && this.holdsConstants(stranger.text))) return;
    faults.push(`${this.path}:${line}: ${stranger.text} is run as SQL and is no constant`);
  }
}

function fileFaults(path, text, fragments) {
  const faults = [];
  const file = new File(path, text, fragments);
  const {tokens} = file;
  tokens.forEach((token, i) => {
    const next = tokens[i + 1]?.text;
    const last = token.text.split('::').at(-1);
    if (token.text === '+') file.built(expressionRound(tokens, i), faults, token.line);
    if (token.text === '+=' || (last === 'append' && next === '(')) {
      const added = token.text === '+=' ? expressionRound(tokens, i + 1) : argumentsAt(tokens, i + 1).flat();
      if (added.some((each) => file.isSql(each)))
        faults.push(`${path}:${token.line}: SQL is appended; write it in one expression`);
    }
    if (last === 'format' && next === '(') file.built(argumentsAt(tokens, i + 1).flat(), faults, token.line);
    if (/^(quote|quote_name|esc|esc_like|esc_raw)$/.test(last) && next === '(' && tokens[i - 1]?.text === '.')
      faults.push(`${path}:${token.line}: ${last}() of pqxx; make the value a parameter`);
    if (last === 'exec' && next === '(') {
      const given = argumentsAt(tokens, i + 1);
      file.runs(tokens[i - 1]?.text === '.' ? given[0] : given[1] ?? [], faults, token.line);
    }
  });
  return faults;
}

// Functions of the database put names alone into a statement, quoted by format().
function migrationFaults(path, text) {
  const code = text.replace(/--[^\n]*/g, '');
  const runs = [...code.matchAll(/\bEXECUTE\s+(?!FUNCTION|PROCEDURE|ON\b)([^;]*);/gi)];
  return runs.filter((run) => !/^format\('[^%']*(?:%I[^%']*)*'\s*,[\w\s,.]*\)\s*$/.test(run[1]))
    .map(() => `${path}: EXECUTE of a text; write the statement out`);
}

const kFragment = /\bconst std::string& (\w+)\(\) \{\s*static const std::string k/g;

export function sqlFaults(tree) {
  const faults = [];
  const sources = [...tree].filter(([path]) => isCpp(path) && kFolders.test(path));
  const fragments = sources.flatMap(([, text]) => [...text.matchAll(kFragment)].map((match) => match[1]));
  for (const [path, text] of tree) {
    if (/^db\/migrations\/.*\.sql$/.test(path)) faults.push(...migrationFaults(path, text));
  }
  for (const [path, text] of sources) faults.push(...fileFaults(path, text, fragments));
  return faults;
}
