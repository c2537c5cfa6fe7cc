import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useSyncExternalStore } from 'react'
import { expect, test } from 'vitest'

import { type Editor, EditorContext } from '@/features/editor/editor-context'
import { EditorStore } from '@/features/editor/editor-store'
import { ParameterList } from '@/features/editor/parameter-list'
import { renderPage } from '@/testing/render'

const kText = `title: t
parameters:
  - name: token # of the vendor
    type: string
    default: hunter2hunter2
blocks: []
`

function open() {
  const store = new EditorStore(kText)
  function Page() {
    const state = useSyncExternalStore(store.subscribe, store.get)
    const editor = { store, state, problems: { list: [] } } as unknown as Editor
    return (
      <EditorContext value={editor}>
        <ParameterList />
      </EditorContext>
    )
  }
  renderPage(<Page />)
  return store
}

test('a secret parameter has no default, and one step back brings it again', async () => {
  const user = userEvent.setup()
  const store = open()
  expect(screen.getByLabelText(/^Default/)).toHaveValue('hunter2hunter2')
  await user.click(screen.getByRole('switch', { name: 'Secret' }))
  expect(store.get().text).toContain('secret: true')
  expect(store.get().text).not.toContain('hunter2')
  expect(store.get().text).toContain('# of the vendor')
  expect(screen.queryByLabelText(/^Default/)).not.toBeInTheDocument()
  await user.click(screen.getByRole('switch', { name: 'Secret' }))
  expect(store.get().text).not.toContain('secret')
  store.undo()
  store.undo()
  expect(store.get().text).toBe(kText)
})
