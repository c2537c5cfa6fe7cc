// Tables as CSV (RFC 4180). A cell a spreadsheet would take for a formula is made plain text.
const kFormula = /^[=+\-@\t\r]/

export type Cell = string | number | null | undefined

export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n'
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = kFormula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}
