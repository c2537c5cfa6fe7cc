import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import test from 'node:test';

import {inventory, libraryName, linkedFiles, lockedPackages, sbom} from '../../tools/sbom.mjs';

import {builtPrograms, describe, hardeningFaults, inventoryFaults, lockFaults} from './programs.mjs';
import {expectNone, readTree} from './tree.mjs';

const programs = builtPrograms();
const whenBuilt = {
  skip: programs.length === 0 ? 'not built' : false
};
const locks = () => [...readTree()]
                      .filter(([path]) => /(^|\/)package-lock\.json$/.test(path))
                      .map(([path, text]) => [path, JSON.parse(text)]);

test(
  'programs: are hardened', whenBuilt,
  () => expectNone(programs.flatMap(({name, path}) => hardeningFaults(name, describe(path)))));

test('programs: are linked with what the inventory lists, and with no reader of XML', whenBuilt, () => {
  const linked = new Set(programs.flatMap(({path}) => linkedFiles(path).map(({name}) => name)));
  const loaded = programs.flatMap(({path}) => execFileSync('ldd', [path], {encoding: 'utf8'}).split('\n'))
                   .map((line) => libraryName(line.trim().split(' ')[0]));
  expectNone(inventoryFaults([...linked], loaded, inventory()));
});

test('programs: have a bill of materials that names every part with its version', whenBuilt, () => {
  const {components} = sbom(programs.map(({path}) => path));
  const refs = new Set(components.map((each) => each['bom-ref'] ?? `${each.name}@${each.version}`));
  const missing = programs.flatMap(({path}) => linkedFiles(path).map(({name}) => name));
  const [, lock] = locks().find(([path]) => path === 'ui/package-lock.json');
  missing.push(...lockedPackages(lock).map(({name, version}) => `${name}@${version}`));
  expectNone(missing.filter((name) => !refs.has(name)));
  expectNone(
    components.filter(({version}) => !/\d/.test(version ?? '')).map(({name}) => `${name} has no version`));
});

test('programs: packages of every lock file are pinned', () => {
  assert.ok(locks().length >= 3);
  expectNone(locks().flatMap(([path, lock]) => lockFaults(path, lock)));
});

const kGood = `  Type:                              DYN (Position-Independent Executable file)
  LOAD           0x1e0000 0x00000000001e1000 0x00000000001e1000 0x00b000 0x00b000 RW  0x1000
  GNU_RELRO      0x1ec180 0x00000000001ee180 0x00000000001ee180 0x0075b0 0x007e80 R   0x1
  GNU_STACK      0x000000 0x0000000000000000 0x0000000000000000 0x000000 0x000000 RW  0
 0x000000006ffffffb (FLAGS_1)            Flags: NOW PIE
    12: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND __stack_chk_fail@GLIBC_2.4 (3)
    13: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND __memcpy_chk@GLIBC_2.3.4 (4)
`;

test('programs: a hardened one passes', () => assert.deepEqual(hardeningFaults('p', kGood), []));

const planted = [
  [
    'a program at a fixed address', ['DYN (Position-Independent Executable file)', 'EXEC (Executable file)'],
    /position/
  ],
  ['no RELRO', ['GNU_RELRO', 'GNU_PROPERTY'], /no RELRO/],
  ['lazy binding', ['NOW PIE', 'PIE'], /lazily/],
  ['a stack that runs', ['RW  0\n', 'RWE 0\n'], /stack can be executed/],
  ['a segment that is written and run', ['RW  0x1000', 'RWE 0x1000'], /written and executed/],
  ['no stack protector', ['__stack_chk_fail', 'abort'], /stack protector/],
  ['no FORTIFY', ['__memcpy_chk', 'memcpy'], /FORTIFY/],
  [
    'a path of the build', ['(FLAGS_1) ', '(RUNPATH)  Library runpath: [/tmp/b]\n (FLAGS_1)'],
    /folders of the build/
  ],
];

for (const [name, [from, to], expected] of planted) {
  test(
    `programs: the check catches ${name}`,
    () => assert.match(hardeningFaults('p', kGood.replace(from, to)).join('\n'), expected));
}

test('programs: the check catches what the inventory does not list, and XML', () => {
  const known = {libraries: {libssl: 'OpenSSL', libfmt: 'fmt'}};
  const faults = inventoryFaults(['libssl', 'libfoo'], ['libc', 'libxml2'], known).join('\n');
  for (const each of [/libfoo is not in/, /libfmt is in .* not linked/, /libxml2 reads XML/])
    assert.match(faults, each);
});

test('programs: the check catches a package without a digest and one of many versions', () => {
  const lock = {packages: {'': {dependencies: {a: '^1.0.0'}}, 'node_modules/a': {version: '1.0.0'}}};
  assert.match(lockFaults('l', lock).join('\n'), /a has no digest\nl: a is \^1\.0\.0/);
});
