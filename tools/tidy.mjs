// clang-tidy over our C++, in batches of one folder: a batch reads the library headers once, which is nearly
// all of the cost. A batch that passed is not checked again until a file of it, a header it includes or the
// settings change. Usage: node tools/tidy.mjs BUILD_FOLDER JOBS   (BUILD_FOLDER holds compile_commands.json
// without precompiled headers)
import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {promisify} from 'node:util';

const kRoot = resolve(import.meta.dirname, '..');
const kTool = 'clang-tidy-19';
const kBatch = 8;  // files; keeps one batch under half a minute and the two halves of a run even
const kFolders = /^(protocol|certs|db|controller|agent)\//;

const build = resolve(process.argv[2]);
const jobs = Number(process.argv[3] ?? 2);
const work = join(build, 'tidy');
mkdirSync(work, {recursive: true});

const commands = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'))
                   .map((entry) => ({...entry, path: relative(kRoot, entry.file)}))
                   .filter(({path}) => kFolders.test(path) && existsSync(join(kRoot, path)));

function batches() {
  const byFolder = Map.groupBy(commands, ({path}) => dirname(path));
  return [...byFolder].flatMap(([folder, entries]) => {
    const count = Math.ceil(entries.length / kBatch);
    const size = Math.ceil(entries.length / count);
    return Array.from({length: count}, (_, i) => ({
                                         name: `${folder.replaceAll('/', '_')}_${i}`,
                                         entries: entries.slice(i * size, (i + 1) * size),
                                       }));
  });
}

// Every header of ours that the file reads, the file itself included.
function reachable(path, seen) {
  if (seen.has(path) || !existsSync(join(kRoot, path))) return;
  const text = readFileSync(join(kRoot, path), 'utf8');
  seen.set(path, text);
  for (const match of text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"]+)"/gm)) reachable(match[1], seen);
}

function digest({name, entries}) {
  const files = new Map();
  for (const {path} of entries) reachable(path, files);
  const hash = createHash('sha256').update(name).update(readFileSync(join(kRoot, '.clang-tidy')));
  hash.update(entries[0].command);
  for (const [path, text] of [...files].sort()) hash.update(`\0${path}\0${text}`);
  return hash.digest('hex');
}

// A compile database of one file: the batch's sources as includes, with the flags of its first.
function prepare(name, entries) {
  const folder = join(work, name);
  mkdirSync(folder, {recursive: true});
  const file = join(folder, 'batch.cpp');
  writeFileSync(file, entries.map(({path}) => `#include "${path}"\n`).join(''));
  const [{command, directory, file: first}] = entries;
  const entry = {directory, file, command: command.replaceAll(first, file)};
  writeFileSync(join(folder, 'compile_commands.json'), JSON.stringify([entry]));
  return {folder, file};
}

const run = promisify(execFile);

async function check(name, entries) {
  const {folder, file} = prepare(name, entries);
  try {
    await run(kTool, ['--quiet', '-p', folder, file], {cwd: kRoot, maxBuffer: 1 << 28, timeout: 600_000});
    return '';
  } catch (failure) {
    return failure.stdout || String(failure);
  }
}

// Names that files of one folder use alike in unnamed namespaces clash in a batch: then each file by itself.
async function checkBatch(batch) {
  const output = await check(batch.name, batch.entries);
  if (!/clang-diagnostic-error/.test(output) || batch.entries.length === 1) return output;
  let outputs = '';
  for (const [i, entry] of batch.entries.entries()) outputs += await check(`${batch.name}_${i}`, [entry]);
  return outputs;
}

const kept = (batch) => join(work, `${batch.name}.passed`);
const wanted = batches().filter(
  (batch) => !existsSync(kept(batch)) || readFileSync(kept(batch), 'utf8') !== digest(batch));
const queue = [...wanted];
let done = 0;
let failed = 0;

async function worker() {
  for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
    const started = Date.now();
    const output = await checkBatch(batch);
    done += 1;
    console.log(`[${done}/${wanted.length}] ${batch.name} (${Math.round((Date.now() - started) / 1000)} s)`);
    if (output === '') {
      writeFileSync(kept(batch), digest(batch));
    } else {
      failed += 1;
      console.log(output.replaceAll(`${kRoot}/`, ''));
    }
  }
}

await Promise.all(Array.from({length: jobs}, worker));
console.log(`clang-tidy: ${batches().length} batches, ${wanted.length} checked, ${failed} with faults`);
process.exit(failed === 0 ? 0 : 1);
