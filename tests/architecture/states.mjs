// The words of the states are the same in C++ (enum and words), in the database's CHECK constraints, in
// openapi.yaml and in the types of the user interface.

// `shown` words exist in answers only; they are never stored.
const kKinds = [
  {
    enumName: 'ExecutionStatus',
    header: 'controller/domain/execution/execution_status.hpp',
    table: 'execution',
    source: 'controller/domain/execution/execution_status.cpp',
    words: 'kExecutionWords',
    schema: 'ExecutionStatus',
    shown: []
  },
  {
    enumName: 'StepStatus',
    header: 'controller/domain/execution/execution_status.hpp',
    table: 'execution_step',
    source: 'controller/domain/execution/execution_status.cpp',
    words: 'kStepWords',
    schema: 'StepStatus',
    shown: []
  },
  {
    enumName: 'AttemptStatus',
    header: 'protocol/messages/attempt.hpp',
    table: 'attempt',
    source: 'protocol/messages/attempt.cpp',
    words: 'kWords',
    schema: 'HostStatus',
    shown: ['unreachable']
  },
];

const quoted = (text) => [...text.matchAll(/["'](\w+)["']/g)].map((match) => match[1]);

// kAwaitingInput → awaiting_input
const wordOf = (enumerator) => enumerator.slice(1).replace(/(?!^)[A-Z]/g, '_$&').toLowerCase();

function enumerators(text, name) {
  const body = new RegExp(`enum class ${name} \\{([^}]*)\\}`).exec(text)?.[1] ?? '';
  return [...body.matchAll(/\b(k[A-Z]\w*)/g)].map((match) => wordOf(match[1]));
}

function wordsInCpp(text, name) {
  return quoted(new RegExp(`\\b${name} = \\{([^}]*)\\}`).exec(text)?.[1] ?? '');
}

function wordsInSql(tree, table) {
  for (const [path, text] of tree) {
    if (!/^db\/migrations\/.*\.sql$/.test(path)) continue;
    const body = new RegExp(`CREATE TABLE ${table} \\(([\\s\\S]*?)\\n\\);`).exec(text)?.[1];
    const check = /\bstatus\s[^,]*CHECK \(status IN \(([^)]*)\)/.exec(body ?? '')?.[1];
    if (check !== undefined) return quoted(check);
  }
  return [];
}

function wordsInYaml(text, schema) {
  const list =
    new RegExp(`\\n    ${schema}:\\n(?: {6}.*\\n)*? {6}enum: \\[([^\\]]*)\\]`).exec(text)?.[1] ?? '';
  return list.split(',').map((word) => word.trim()).filter((word) => word !== '');
}

function wordsInTypeScript(text, schema) {
  return quoted(new RegExp(`\\b${schema}: ([^;]*);`).exec(text)?.[1] ?? '');
}

export function stateFaults(tree) {
  const faults = [];
  const text = (path) => tree.get(path) ?? '';
  for (const kind of kKinds) {
    const expected = enumerators(text(kind.header), kind.enumName);
    if (expected.length === 0) faults.push(`${kind.header}: no enum ${kind.enumName}`);
    const compare = (place, words, wanted) => {
      if (words.join() !== wanted.join())
        faults.push(`${place}: ${kind.enumName} is [${words}], expected [${wanted}]`);
    };
    compare(kind.source, wordsInCpp(text(kind.source), kind.words), expected);
    compare('db/migrations', wordsInSql(tree, kind.table), expected);
    const answered = [...expected, ...kind.shown];
    compare(
      'controller/api/openapi.yaml', wordsInYaml(text('controller/api/openapi.yaml'), kind.schema), answered);
    compare(
      'ui/src/lib/api-types.ts', wordsInTypeScript(text('ui/src/lib/api-types.ts'), kind.schema), answered);
  }
  return faults;
}
