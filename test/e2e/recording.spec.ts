/** What is recorded can be taken away, and looked at again. */
import { expect, test } from './shell'

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

  const shown = await Promise.all(living.map((id) => window.data(id)))
  await window.command('Close the cluster')
  await expect(window.page.getByTestId('start-cluster')).toBeVisible()

  await window.command('Open recording')
  await expect(window.page.getByTestId('state-pill')).toContainText('Recording')
  // It opens at its end, before the closing ended the processes: everything stands as it was shown.
  for (const [at, id] of living.entries()) {
    expect(await window.data(id)).toEqual(shown[at])
  }
  await expect(window.node(victim)).toHaveAttribute('data-standing', 'killed')
})
