// Output, host names, labels, titles and notes are written by strangers: whatever they hold, the pages show
// text. No dialog, no report of the content policy (browser.ts), no request to anywhere else, no script of
// theirs.
import { writeFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import type { Api } from '../support/api.ts'
import { sql, sqlText } from '../support/database.ts'
import { hostile, hostileNames } from '../support/hostile.ts'
import { expect, test } from './browser.ts'
import { everyPage, open } from './every-page.ts'

interface Effects {
  dialogs: string[]
  foreign: string[]
  marks: number
}

// What must not happen, from the page's first byte on.
async function watchEffects(page: Page, origin: string): Promise<Effects> {
  const effects: Effects = { dialogs: [], foreign: [], marks: 0 }
  page.on('dialog', (dialog) => {
    effects.dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith(origin.replace('http', 'ws'))) effects.foreign.push(url)
  })
  await page.exposeFunction('kMark', () => (effects.marks += 1))
  return effects
}

const quiet: Effects = { dialogs: [], foreign: [], marks: 0 }

// Elements that only a stranger's text could have made.
async function strangeElements(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    [
      ...document.body.querySelectorAll(
        'script, iframe, object, embed, base, meta, marquee, xmp, math, video, a[href]',
      ),
    ]
      .filter((element) => {
        if (element.tagName !== 'A')
          return element.tagName !== 'SCRIPT' || !(element as HTMLScriptElement).src
        const { href } = element as HTMLAnchorElement
        if (!URL.canParse(href)) return false // leads nowhere
        const url = new URL(href)
        const own = url.origin === location.origin
        // Markdown may link to pages; what it may not is to run or to load something.
        return !own && !['http:', 'https:', 'mailto:'].includes(url.protocol)
      })
      .map((element) => element.outerHTML.slice(0, 200)),
  )
}

async function expectQuiet(page: Page, effects: Effects, where: string): Promise<void> {
  expect(await strangeElements(page), where).toEqual([])
  expect(effects, where).toEqual(quiet)
}

async function makeHostileRun(api: Api): Promise<{ runbook: string; execution: string }> {
  const file = `${api.controller.dataDir}/hostile.txt`
  await writeFile(file, `${hostile.join('\n')}\n`)
  const blocks: unknown[] = [
    { name: 'Print', type: 'command', config: { command: `cat '${file}'; cat '${file}' >&2` } },
  ]
  for (const [at, name] of hostileNames.slice(0, 60).entries())
    blocks.push({
      name,
      type: 'instruction',
      config: { text: hostile.slice(at * 3, at * 3 + 3).join('\n\n'), acknowledge: false },
    })
  blocks.push({
    name: 'Confirm',
    type: 'instruction',
    config: { text: hostile.join('\n\n').slice(0, 60_000) },
  })
  const runbook = await api.createRunbook(blocks, {
    title: hostileNames[0],
    description: hostile.join('\n\n').slice(0, 60_000),
  })
  const execution = await api.execute(runbook.id, ['local-1', 'local-2'], {
    reason: hostileNames.slice(1, 7).join(' '),
  })
  const step = await api.waitForStep(execution, 'confirm', ['awaiting_input'])
  expect(
    await api.act(execution, step, 'complete', {
      note: hostile.join('\n').replaceAll('\u0000', '').slice(0, 9_000),
    }),
  ).toBe(202)
  await api.waitFor(execution)
  return { runbook: runbook.id, execution }
}

// Agents that say such things of themselves could not enrol; the pages must not rely on that.
async function insertHostileAgents(api: Api): Promise<void> {
  const rows = hostileNames.map((text, at) => {
    const labels = sqlText(JSON.stringify({ [text.slice(0, 60)]: text }))
    const [name, short] = [sqlText(text), sqlText(text.slice(0, 60))]
    return `(gen_random_uuid(), ${name}, ${labels}, ${short}, ${name}, ${short}, 'serial-${at}', now())`
  })
  await sql(
    api.controller.dataDir,
    `INSERT INTO agent (id, name, labels, version, os, arch, certificate_serial, certificate_until)
     VALUES ${rows.join(',\n')}`,
  )
}

// Other tests share the controller.
test.afterAll(async ({ api }) => {
  await sql(api.controller.dataDir, "DELETE FROM agent WHERE certificate_serial LIKE 'serial-%'")
})

test('200 hostile texts as output stay text, in every view of the console', async ({ page, api, ui }) => {
  const effects = await watchEffects(page, api.controller.url)
  const { execution } = await makeHostileRun(api)
  const step = await api.step(execution, 'print')
  const title = /Runbook Studio$/
  for (const view of [
    '',
    '&stream=stderr',
    `&host=${step.hosts[0]?.agent_id}`,
    `&host=${step.hosts[0]?.agent_id}&stream=stdout`,
  ]) {
    await page.goto(ui(`/executions/${execution}?step=${step.id}${view}`))
    const log = page.getByRole('log')
    await expect(log).toContainText('h199')
    await log.focus()
    await page.keyboard.press('Home')
    await expect(log).toContainText('h000 <script>kMark()</script>')
    for (let seen = 0; seen < 12; seen += 1) {
      await page.keyboard.press('PageDown')
      expect(
        await log.evaluate((element) =>
          [...element.querySelectorAll('*')]
            .map((each) => each.tagName)
            .filter((tag) => !['DIV', 'SPAN', 'MARK', 'BUTTON'].includes(tag)),
        ),
      ).toEqual([])
    }
    await expect(page).toHaveTitle(title)
    await expectQuiet(page, effects, view)
  }
})

test('hostile titles, names, notes, labels and hosts stay text on every page', async ({
  page,
  api,
  ui,
}) => {
  const effects = await watchEffects(page, api.controller.url)
  const { runbook, execution } = await makeHostileRun(api)
  for (const title of hostileNames.slice(1, 40))
    await api.createRunbook([{ name: title, type: 'timer', config: { seconds: 1 } }], {
      title,
      description: title,
    })
  await insertHostileAgents(api)
  const steps = (await api.execution(execution)).steps
  const agents = await api.json<{ items: { id: string }[] }>('GET', '/agents?limit=5')
  const places = everyPage({
    runbook,
    execution,
    steps: [...steps.slice(0, 8), ...steps.slice(-1)],
    waiting: { execution, step: steps[0]?.id ?? '' },
    agents: agents.items.map((agent) => agent.id),
  })
  for (const { path } of places) {
    await open(page, ui(path))
    await expectQuiet(page, effects, path)
  }
  await page.goto(ui('/runbooks'))
  await expect(page.getByText('h000 <script>kMark()</script>', { exact: true }).first()).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('kMark')
  await expect(page.getByRole('option').first()).toBeVisible()
  await expectQuiet(page, effects, 'palette')
})
