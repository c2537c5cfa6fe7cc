// What the built programs hold of others, as CycloneDX JSON: `node tools/sbom.mjs [FOLDER] > sbom.json`.
// Libraries are read from the programs and named by tools/inventory.json, their versions are those of this
// machine's packages; the user interface's come from its lock file.
import {execFileSync, spawnSync} from 'node:child_process';
import {readFileSync, realpathSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const kRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const readJson = (path) => JSON.parse(readFileSync(join(kRoot, path), 'utf8'));
const run = (program, ...rest) => execFileSync(program, rest, {encoding: 'utf8', maxBuffer: 1 << 26});

export const inventory = () => readJson('tools/inventory.json');

// Packages of a lock file that are not for development alone: [{name, version, integrity}].
export function lockedPackages(lock) {
  return Object.entries(lock.packages)
    .filter(([path, facts]) => path !== '' && !facts.dev)
    .map(([path, facts]) => ({name: path.replace(/^.*node_modules\//, ''), ...facts}));
}

// The name of a library without its version, and where the loader finds it.
export const libraryName = (file) =>
  file.replace(/(?:[-.]\d[\w.]*)?\.so.*$/, '').replace(/^ld-linux.*/, 'ld-linux');
export function linkedFiles(program) {
  const needed = run('readelf', '-W', '-d', program).matchAll(/\(NEEDED\)[^[]*\[([^\]]+)\]/g);
  const found = new Map([...run('ldd', program).matchAll(/(\S+?)(?: => (\S+))? \(0x/g)].map(
    (match) => [match[1].replace(/^.*\//, ''), match[2] ?? match[1]]));
  return [...needed].map((match) => ({name: libraryName(match[1]), path: found.get(match[1])}));
}

// What dpkg-query says; it fails when one of many is not known, and has told of the others.
function ask(...rest) {
  const {stdout} = spawnSync('dpkg-query', rest, {encoding: 'utf8', maxBuffer: 1 << 26});
  return stdout.split('\n').filter((line) => line !== '');
}

// Debian package and version of each file. A record may name a file with or without /usr.
function packagesOf(paths) {
  const spellings = new Map(paths.flatMap((path) => {
    const real = realpathSync(path);
    return [[real, path], [real.replace(/^\/usr\//, '/'), path]];
  }));
  const owners = new Map(ask('-S', ...spellings.keys()).map((line) => {
    const [, owner, file] = /^([^:,]+)[^ ]*: (.*)$/.exec(line) ?? [];
    return [spellings.get(file), owner];
  }));
  const lines = ask('-W', '-f', '${Package} ${Version}\n', ...new Set(owners.values()));
  const versions = new Map(lines.map((line) => line.split(' ')));
  return (path) => ({debian: owners.get(path), version: versions.get(owners.get(path))});
}

const component = (name, version, purl, more = {}) => ({type: 'library', name, version, purl, ...more});

export function sbom(programs) {
  const known = inventory();
  const libraries = new Map(programs.flatMap(linkedFiles).map((each) => [each.name, each.path]));
  const packages = packagesOf([...libraries.values(), ...Object.keys(known.compiled_in)]);
  const part = (ref, name, path) => {
    const {debian, version} = packages(path);
    return component(name, version, `pkg:deb/debian/${debian}@${version}`, {'bom-ref': ref});
  };
  const linked = [...libraries].sort().map(([name, path]) => part(name, known.libraries[name] ?? name, path));
  const compiled = Object.entries(known.compiled_in).map(([path, name]) => part(path, name, path));
  const ui =
    lockedPackages(readJson('ui/package-lock.json'))
      .map(({name, version}) => component(name, version, `pkg:npm/${name.replace('@', '%40')}@${version}`));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    components: [...linked, ...compiled, ...ui]
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? join(kRoot, 'build/release/bin');
  const programs = ['runbook-controller', 'runbook-agent'].map((name) => join(folder, name));
  process.stdout.write(`${JSON.stringify(sbom(programs), null, 2)}\n`);
}
