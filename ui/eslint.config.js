import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import { readdirSync } from 'node:fs'
import tseslint from 'typescript-eslint'

const folders = (name) =>
  readdirSync(new URL(`src/${name}/`, import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)

const forbid = (files, groups, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: groups, message }] }] },
})

const apart = (layer, upward) =>
  folders(layer).map((name) =>
    forbid(
      [`src/${layer}/${name}/**`],
      [
        ...folders(layer)
          .filter((other) => other !== name)
          .map((other) => `@/${layer}/${other}/*`),
        ...upward,
      ],
      'Imports point one way: app, then features, then modules, then components, then lib; features and modules ' +
        'never import their siblings.',
    ),
  )

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/lib/api-types.ts'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'max-len': ['error', { code: 110, ignorePattern: '^import ' }],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70 }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text nodes only.' },
        { property: 'outerHTML', message: 'Text nodes only.' },
        { property: 'insertAdjacentHTML', message: 'Text nodes only.' },
      ],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { ...jsxA11y.flatConfigs.recommended, files: ['src/**/*.tsx'] },
  { files: ['src/**/*.test.{ts,tsx}', 'src/testing/**'], rules: { 'max-lines-per-function': 'off' } },
  ...apart('features', ['@/app/*']),
  ...apart('modules', ['@/features/*', '@/app/*']),
  forbid(['src/components/**'], ['@/modules/*', '@/features/*', '@/app/*'], 'Components know no product.'),
  forbid(
    ['src/lib/**'],
    ['@/components/*', '@/modules/*', '@/features/*', '@/app/*'],
    'lib is the lowest layer.',
  ),
)
