/** What is recorded can be taken away, and looked at again. */
import type { Page } from '@playwright/test'
import { eventLine, headerLine } from '../../main/timeline'
import { noteLine } from '../../main/timeline/export/jsonl'
import { lifeOf } from '../timeline/support/traces'
import { expect, test } from './shell'
import { Steps } from './step'

const all = [1, 2, 3, 4, 5]

test('export while it runs; close; open the recording and find the state that was shown live', async ({ shell }) => {
  const { window } = shell
  await window.createSteady()
  const leader = await window.leader(all)
  await window.openClientTab()
  for (let i = 1; i <= 10; i++) await window.put(`k${i}`, `v${i}`)
  const victim = all.find((id) => id !== leader) ?? 0
  await window.command(`Kill n${victim}`)
  await expect(window.node(victim)).toHaveAttribute('data-standing', 'killed')
  await window.put('last', 'entry')
  const living = all.filter((id) => id !== victim)
  await window.converged(living, 12)

  const text = await shell.save(async () => {
    await window.command('Export the timeline')
    const dialog = window.page.getByTestId('export-dialog')
    await dialog.getByTestId('format-jsonl').check()
    await dialog.getByTestId('export-send').click()
    await expect(dialog).toBeHidden()
  })
  const lines = text.trimEnd().split('\n')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ format: 'raft-workbench-timeline' })
  const events = lines.slice(1).map((line) => JSON.parse(line) as { kind: string; seq: number })
  expect(events.map((event) => event.seq)).toEqual(events.map((_, at) => at))

  const kinds = new Set(events.map((event) => event.kind))
  for (const kind of ['started', 'role', 'appended', 'persisted', 'sent', 'received', 'invoke', 'answer', 'fault']) {
    expect(kinds, kind).toContain(kind)
  }

  // With all clocks and links held nobody can be elected between the look and the end.
  await new Steps(window).begin(living)
  const shown = await Promise.all(living.map((id) => window.data(id)))
  await window.command('Close the cluster')
  await expect(window.page.getByTestId('start-cluster')).toBeVisible()

  await window.command('Open recording')
  await expect(window.page.getByTestId('state-pill')).toContainText('Recording')
  // It opens at its end, before the closing ended the processes: everything stands as it was shown.
  for (const [at, id] of living.entries()) {
    await expect.poll(() => window.data(id)).toEqual(shown[at])
  }
  await expect(window.node(victim)).toHaveAttribute('data-standing', 'killed')
})

const HEADER = { clusterId: 'c1', clusterName: 'Travelling', began: '2026-01-02T03:04:05.000Z' }

/** Lets go of a file over the window, as somebody does who drags it there from elsewhere. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(
    ([fileName, content]) => {
      const data = new DataTransfer()
      data.items.add(new File([content], fileName))
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }))
      }
    },
    [name, text] as const,
  )
}

test('a file that is dropped is opened with its notes, one that breaks a rule is refused by line, and both ends meet @browser-only', async ({
  shell,
}) => {
  const { window } = shell
  const { page } = window
  const lines = [headerLine(HEADER), ...lifeOf(40).map(eventLine)]
  const note = { id: 'a', seq: 30, t: 0, text: 'from home', created: HEADER.began }
  // In its place: before the event of its moment, which the header stands before.
  await drop(page, 'home.jsonl', [...lines.slice(0, 31), noteLine(note), ...lines.slice(31)].join(''))
  await expect(page.getByTestId('state-pill')).toContainText('Recording')
  await page.getByTestId('notes').click()
  await expect(page.getByTestId('note-list').locator('li')).toHaveText([/from home/])
  await page.keyboard.press('Escape')
  await window.command('Bookmark this moment')
  await page.getByTestId('note-text').fill('and mine')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('note-text')).toBeHidden()

  const wrong = [...lines.slice(0, 5), ...lines.slice(6, 8), lines[5]].join('')
  await drop(page, 'wrong.jsonl', wrong)
  await expect(window.toast('line 8 is not valid (seq: 7 or more expected)')).toBeVisible()
  await drop(page, 'words.txt', 'no history of anything')
  await expect(window.toast('words.txt is of no kind that can be opened here')).toBeVisible()
  await expect(page.getByTestId('state-pill')).toContainText('Recording')

  const text = await shell.save(async () => {
    await window.command('Export the timeline')
    const dialog = page.getByTestId('export-dialog')
    await dialog.getByTestId('format-jsonl').check()
    await dialog.getByTestId('export-send').click()
    await expect(dialog).toBeHidden()
  })
  expect(text.match(/(?<="text":")(?=from home|and mine)[^"]*/g)).toEqual(['from home', 'and mine'])
  expect(text.split('\n').filter((line) => !line.startsWith('{"note"'))).toEqual(lines.join('').split('\n'))

  // Once more, from the files that were opened lately.
  await window.command('Close the recording')
  const recent = page.getByTestId('recent-file')
  await expect(recent).toHaveCount(1)
  await recent.click()
  await expect(page.getByTestId('state-pill')).toContainText('Recording')
  await page.getByTestId('notes').click()
  await expect(page.getByTestId('note-list').locator('li')).toHaveText([/from home/, /and mine/])
})
