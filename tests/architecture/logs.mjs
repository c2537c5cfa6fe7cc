// What a program tells goes through runtime::log, which makes one line of it whatever it holds. Command lines
// alone answer their caller directly.
import {blank} from './cpp-source.mjs';
import {isCpp} from './tree.mjs';

const kMayPrint = /^(controller|agent)\/app\/|^protocol\/runtime\/logging\.|^cmake\//;
const kPrint = new RegExp(
  [
    String.raw`\bstd::(?:cout|cerr|clog|puts|v?f?printf|println?)\b`,
    String.raw`\bfmt::print(?:ln)?\s*\(`,
    String.raw`(?<![\w:.>])(?:v?f?printf|puts|fputs|perror|syslog|vsyslog)\s*\(`,
    String.raw`\bspdlog::(?:trace|debug|info|warn|error|critical|log)\s*\(|\bSPDLOG_\w+\s*\(`,
    String.raw`(?<![\w:.>])(?:::)?v?dprintf\s*\(|(?<![\w.>])write\s*\(\s*(?:STD\w+_FILENO|[12]\s*,)`,
  ].join('|'),
  'g');

export function printFaults(tree) {
  const faults = [];
  for (const [path, text] of tree) {
    if (!isCpp(path) || path.startsWith('tests/') || kMayPrint.test(path)) continue;
    const code = blank(text);
    for (const match of code.matchAll(kPrint)) {
      const line = code.slice(0, match.index).split('\n').length;
      faults.push(`${path}:${line}: ${match[0].trim()} is no line of the log; use runtime::log`);
    }
  }
  return faults;
}
