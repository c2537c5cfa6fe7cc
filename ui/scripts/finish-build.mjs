// After `vite build`: licence texts of what is shipped, the manifest out of the served folder, and .br and
// .gz beside every compressible file, for the controller to serve as they are.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const compressible = /\.(html|js|css|svg|txt|json)$/

function writeLicences() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const shipped = Object.entries(lock.packages).filter(
    ([path, entry]) =>
      path.startsWith('node_modules/') && !entry.dev && !entry.optional && existsSync(join(root, path)),
  )
  const parts = shipped.map(([path, entry]) => {
    const folder = join(root, path)
    const file = readdirSync(folder).find((name) => /^(licen[cs]e|ofl)/i.test(name))
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : '(no licence file in the package)'
    const name = path.split('node_modules/').at(-1)
    return `${name} ${entry.version} (${entry.license ?? 'unknown'})\n\n${text}\n`
  })
  writeFileSync(join(dist, 'licenses.txt'), parts.join(`\n${'-'.repeat(80)}\n\n`))
}

function moveManifest() {
  renameSync(join(dist, '.vite/manifest.json'), join(root, '.dist-manifest.json'))
  rmSync(join(dist, '.vite'), { recursive: true })
}

function compress(file) {
  const bytes = readFileSync(file)
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  const packed = { '.br': brotliCompressSync(bytes, { params }), '.gz': gzipSync(bytes, { level: 9 }) }
  for (const [suffix, content] of Object.entries(packed)) {
    if (content.length < bytes.length) writeFileSync(file + suffix, content)
  }
}

writeLicences()
moveManifest()
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && compressible.test(entry.name)) compress(join(entry.parentPath, entry.name))
}
