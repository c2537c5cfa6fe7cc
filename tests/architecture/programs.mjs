// The built programs: how they were compiled and linked, and what they were linked with.
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {kRoot} from './tree.mjs';

const kBuilt = process.env.RUNBOOK_BIN ?? join(kRoot, 'build/release/bin');

// {name, path, bytes} of each program that was built; none before ./dev build.
export function builtPrograms() {
  return ['runbook-controller', 'runbook-agent']
    .map((name) => ({name, path: join(kBuilt, name)}))
    .filter(({path}) => existsSync(path))
    .map((program) => ({...program, bytes: readFileSync(program.path)}));
}

// What readelf says of a program: header, segments, dynamic section, dynamic symbols.
export const describe = (path) => execFileSync(
  'readelf', ['-W', '-h', '-l', '-d', '--dyn-syms', path], {encoding: 'utf8', maxBuffer: 1 << 26});

export function hardeningFaults(name, text) {
  const faults = [];
  const need = (good, what) => {
    if (!good) faults.push(`${name}: ${what}`);
  };
  need(
    /^\s*Type:\s+DYN \(Position-Independent/m.test(text) && /\bPIE\b/.test(text),
    'no position-independent program');
  need(/^\s*GNU_RELRO\s/m.test(text), 'no RELRO');
  need(/\bBIND_NOW\b|Flags:.*\bNOW\b/.test(text), 'RELRO is partial: symbols are bound lazily');
  const stack = /^\s*GNU_STACK\s+(?:0x\w+\s+){5}(\S+)/m.exec(text);
  need(stack !== null && !stack[1].includes('E'), 'the stack can be executed');
  need(!/^\s*LOAD\s+(?:0x\w+\s+){5}R?WE\s/m.test(text), 'a segment can be written and executed');
  need(/\b__stack_chk_fail\b/.test(text), 'no stack protector');
  need(/\b__\w+_chk@/.test(text.replaceAll('__stack_chk_fail', '')), 'no FORTIFY');
  need(!/\((?:RPATH|RUNPATH)\)/.test(text), 'libraries are looked for in folders of the build');
  return faults;
}

// Libraries that are linked and not in the inventory, or the other way round; XML readers anywhere.
export function inventoryFaults(linked, loaded, inventory) {
  const known = Object.keys(inventory.libraries);
  return [
    ...linked.filter((name) => !known.includes(name)).map((name) => `${name} is not in tools/inventory.json`),
    ...known.filter((name) => !linked.includes(name))
      .map((name) => `${name} is in tools/inventory.json, but not linked`),
    ...loaded.filter((name) => /xml|expat|xerces/i.test(name)).map((name) => `${name} reads XML`),
  ];
}

// Packages of a lock file that are not one exact text.
export function lockFaults(path, lock) {
  const packages = Object.entries(lock.packages).filter(([name]) => name !== '');
  const unpinned = ([name, facts]) =>
    !/^sha(512|256)-/.test(facts.integrity ?? '') && facts.inBundle !== true && facts.link !== true ?
    [`${path}: ${name} has no digest`] :
    [];
  const ranges = Object.entries({...lock.packages['']?.dependencies, ...lock.packages['']?.devDependencies});
  return [
    ...packages.flatMap(unpinned),
    ...ranges.filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))
      .map(([name, range]) => `${path}: ${name} is ${range}, not one version`),
  ];
}
