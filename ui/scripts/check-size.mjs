// The size budgets of dist/: what the first route needs, fonts, CSS and everything. Exact, so that growth is
// a choice.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const KB = 1024
const dist = fileURLToPath(new URL('../dist', import.meta.url))
const manifest = JSON.parse(readFileSync(join(dist, '../.dist-manifest.json'), 'utf8'))
const firstRoutes = ['src/features/executions/execution-page.tsx', 'src/features/runbooks/runbooks-page.tsx']

const gzipped = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length

function filesOf(key, seen = new Set()) {
  const chunk = manifest[key]
  if (!chunk || seen.has(key)) return []
  seen.add(key)
  const own = [chunk.file, ...(chunk.css ?? [])]
  return [...own, ...(chunk.imports ?? []).flatMap((next) => filesOf(next, seen))]
}

const sum = (files) => [...new Set(files)].reduce((total, file) => total + gzipped(file), 0)
const everything = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
const plain = (pattern) =>
  everything.filter((file) => pattern.test(file)).reduce((total, file) => total + statSync(file).size, 0)

const rows = firstRoutes.map((route) => {
  if (!manifest[route]) throw new Error(`${route} is not a chunk of its own`)
  return [`first route ${route}`, sum([...filesOf('index.html'), ...filesOf(route)]), 230 * KB]
})
// What the editor needs until a block, another panel or a dialog is opened.
const editor = ['index.html', 'src/features/editor/edit-page.tsx', 'src/components/code-editor-view.tsx']
rows.push(['editor route', sum(editor.flatMap((key) => filesOf(key))), 380 * KB])
rows.push([
  'largest chunk',
  Math.max(...Object.values(manifest).map((chunk) => gzipped(chunk.file))),
  180 * KB,
])
rows.push(['fonts', plain(/\.woff2$/), 90 * KB])
rows.push([
  'CSS, gzip',
  sum(everything.filter((f) => f.endsWith('.css')).map((f) => f.slice(dist.length + 1))),
  15 * KB,
])
rows.push(['all of dist', plain(/./), 2.5 * KB * KB])

const inKb = (bytes, digits) => (bytes / KB).toFixed(digits)
let failed = false
for (const [what, bytes, limit] of rows) {
  const over = bytes > limit
  failed ||= over
  console.log(`${over ? 'OVER' : 'ok  '} ${inKb(bytes, 1).padStart(8)} of ${inKb(limit, 0)} KB  ${what}`)
}
process.exit(failed ? 1 : 0)
