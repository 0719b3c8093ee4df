/** What only the Electron shell has: dialogs, a menu, and a bridge that must stay narrow. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './shell'

// Here everything moves, as it does for most people.
test.use({ motion: 'no-preference' })

test('the page sees nothing of Node or Electron; a file that is no recording is refused with a sentence', async ({
  shell,
}) => {
  const { window } = shell
  const path = join(shell.home, 'not-a-recording.raftrec')
  writeFileSync(path, 'these bytes are something else')
  await shell.answerOpenDialog?.(path)
  await window.command('Open a recording file…')
  await expect(window.page.getByTestId('toast')).toContainText('not-a-recording.raftrec')
  await expect(window.page.getByTestId('start-cluster')).toBeVisible()

  const seen = await window.page.evaluate(() => ({
    workbench: Object.keys((globalThis as unknown as { workbench: object }).workbench).sort(),
    require: typeof (globalThis as { require?: unknown }).require,
    process: typeof (globalThis as { process?: unknown }).process,
  }))
  expect(seen).toEqual({ workbench: ['call', 'pathOf', 'subscribe'], require: 'undefined', process: 'undefined' })
})

test('an export to a place that cannot be written says so, leaves nothing, and the cluster goes on', async ({
  shell,
}) => {
  const { window } = shell
  await window.startFive()
  await window.leader([1, 2, 3, 4, 5])
  // A folder that would have to lie under a file can't be made by anyone, root included.
  const file = join(shell.home, 'file')
  writeFileSync(file, '')
  const target = join(file, 'out.jsonl')
  await shell.answerSaveDialog?.(target)
  await window.command('Export the timeline')
  await window.page.getByTestId('format-jsonl').check()
  await window.page.getByTestId('export-send').click()
  await expect(window.page.getByTestId('toast').first()).toContainText('out.jsonl')
  expect(existsSync(target)).toBe(false)
  await window.openClientTab()
  await window.put('still', 'here')
})
