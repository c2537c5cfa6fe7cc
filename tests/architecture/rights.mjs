// docs/rights.md says what controller/auth/rights.hpp does: the same rights, given by the same roles, about
// the same things.

const snake = (word) => word.replace(/^k/, '').replace(/(?!^)([A-Z])/g, '_$1').toLowerCase();

// Right → "viewer operator …, whole".
function rightsOfCode(text) {
  const roles = [...text.matchAll(/\{Role::k\w+, "(\w+)"\}/g)].map((match) => match[1]);
  const rows = [...text.matchAll(/\{Right::(k\w+), Concerns::k(\w+), \{([\w, ]+)\}\}/g)];
  return new Map(rows.map(([, right, concerns, given]) => {
    const given_by = roles.filter((_, at) => given.split(',')[at].trim() === 'true');
    const about = concerns === 'Whole' ? 'the whole' : concerns.toLowerCase();
    return [snake(right), `${given_by.join(' ')}, ${about}`];
  }));
}

function rightsOfPage(text) {
  const head = /^\| right \|(.*)\|$/m.exec(text)?.[1].split('|').map((cell) => cell.trim()) ?? [];
  const rows = [...text.matchAll(/^\| `(\w+)`[^|]*\|(.*)\|$/gm)];
  return new Map(rows.map(([, right, rest]) => {
    const cells = rest.split('|').map((cell) => cell.trim());
    const given_by = head.slice(0, -1).filter((_, at) => cells[at].startsWith('✓'));
    return [right, `${given_by.join(' ')}, ${cells.at(-1)}`];
  }));
}

export function rightFaults(code, page) {
  const [told, done] = [rightsOfPage(page), rightsOfCode(code)];
  if (done.size === 0) return ['controller/auth/rights.hpp has no table of rights'];
  return [...new Set([...told.keys(), ...done.keys()])]
    .filter((right) => told.get(right) !== done.get(right))
    .map((right) => `docs/rights.md: ${right} is "${told.get(right)}", the code has "${done.get(right)}"`);
}
