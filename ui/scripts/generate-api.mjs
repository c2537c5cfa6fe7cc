// Writes src/lib/api-types.ts from the controller's OpenAPI document; with --check only compares and fails on
// drift.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))
const source = path('../../controller/api/openapi.yaml')
const target = path('../src/lib/api-types.ts')
const tool = path('../node_modules/openapi-typescript/bin/cli.js')

const generated = execFileSync(process.execPath, [tool, source, '--default-non-nullable=false'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  maxBuffer: 64 * 1024 * 1024,
})

if (!process.argv.includes('--check')) {
  writeFileSync(target, generated)
} else if (readFileSync(target, 'utf8') !== generated) {
  console.error('src/lib/api-types.ts differs from controller/api/openapi.yaml. Run `npm run generate`.')
  process.exit(1)
}
