/** The window itself: languages, themes, keyboard, errors, and that it can be used without seeing it. */
import AxeBuilder from '@axe-core/playwright'
import { expect, processesOf, test } from './shell'

const all = [1, 2, 3, 4, 5]

test('without a cluster: the next act, both languages and themes, and a refused number of nodes', async ({ shell }) => {
  const { page } = shell.window
  await test.step('the empty page says what is missing and offers the next act', async () => {
    await expect(page.getByTestId('start-cluster')).toBeVisible()
    await expect(page.getByTestId('state-pill')).toBeVisible()
  })
  await test.step('a node count out of range is answered by a sentence at the field', async () => {
    await shell.window.command('New cluster…')
    const dialog = page.getByTestId('create-dialog')
    await dialog.getByLabel('Nodes', { exact: true }).fill('52')
    await expect(dialog).toContainText('Between 1 and 51 nodes.')
    await expect(page.getByTestId('create-submit')).toBeDisabled()
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
  })
  await test.step('English and Chinese, dark and light: switched at once, remembered', async () => {
    await page.getByTestId('language-switch').click()
    await expect(page.locator('html')).toHaveAttribute('lang', /^zh/)
    await expect(page.getByTestId('start-cluster')).toContainText('启动')
    const before = await page.locator('html').getAttribute('data-theme')
    await page.getByTestId('theme-switch').click()
    await expect(page.locator('html')).not.toHaveAttribute('data-theme', before ?? '')
    await page.reload()
    await expect(page.locator('html')).toHaveAttribute('lang', /^zh/)
    await expect(page.locator('html')).not.toHaveAttribute('data-theme', before ?? '')
  })
})

test('a node is looked into, and nobody is shut out: no accessibility violation in either theme', {
  tag: '@browser-only',
}, async ({ shell }) => {
  const { window } = shell
  await window.startFive()
  await window.leader(all)
  await window.openClientTab()
  await window.put('x', 'shown')
  await test.step('the inspector shows what a node keeps, knows and does', async () => {
    const inspector = window.page.getByTestId('inspector')
    const fields = ['currentTerm', 'votedFor', 'log', 'commitIndex', 'lastApplied', 'matchIndex', 'nextIndex']
    // Only of a leader is known how far the others are, and on a busy machine that may soon be another one.
    await expect(async () => {
      await window.node(await window.leader(all)).click()
      for (const field of fields) {
        await expect(inspector.getByText(field, { exact: true }).first()).toBeVisible({ timeout: 5_000 })
      }
    }).toPass({ timeout: 60_000 })
    await expect(inspector).toContainText('pid')
    await expect(inspector).toContainText('000001.log')
  })
  for (let theme = 0; theme < 2; theme++) {
    // A drawn node shows abbreviations; its name says the same in words, so the two differ on purpose.
    const scanner = new AxeBuilder({ page: window.page }).disableRules('label-content-name-mismatch')
    const { violations } = await scanner.setLegacyMode(true).analyze()
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`)).toEqual([])
    await window.page.getByTestId('theme-switch').click()
  }
})

test('a start of many nodes shows how far it is and can be given up', async ({ shell }) => {
  const { page } = shell.window
  await shell.window.command('New cluster…')
  await page.getByTestId('create-dialog').getByLabel('Nodes', { exact: true }).fill('51')
  await page.getByTestId('create-submit').click()
  await expect(page.getByRole('progressbar').first()).toBeVisible()
  await page.getByTestId('cancel-opening').click()
  await expect(page.getByTestId('start-cluster')).toBeVisible()
  await expect.poll(() => processesOf(shell.home, 'node.cjs')).toEqual([])
})

test('what cannot be is refused with its reason, and the cluster is as before', async ({ shell }) => {
  const { window } = shell
  await window.createSteady()
  const leader = await window.leader(all)
  await test.step('a value over the limit', async () => {
    await window.openClientTab()
    await window.page.getByTestId('client-key').fill('big')
    await window.page.getByTestId('client-value').evaluate((field: HTMLInputElement | HTMLTextAreaElement) => {
      field.value = 'x'.repeat((1 << 20) + 1)
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })
    await window.page.getByTestId('client-send').click()
    await expect(window.page.getByTestId('client-problem')).toContainText(/1[,\s]?048[,\s]?576|1 MiB/)
    await window.put('small', 'enough')
  })
  await test.step('a membership whose majority would be dead', async () => {
    const dead = all.find((id) => id !== leader) ?? 0
    await window.command(`Kill n${dead}`)
    await expect(window.node(dead)).toHaveAttribute('data-standing', 'killed')
    const before = await window.data(leader)
    // In a field it would be a letter.
    await window.node(leader).focus()
    await window.page.keyboard.press('m')
    const dialog = window.page.getByTestId('membership-dialog')
    await expect(dialog).toBeVisible()
    // Three of five leave: the two that stay are one live node and a dead one.
    for (const id of all.filter((id) => id !== leader && id !== dead)) {
      await dialog.getByTestId(`member-${id}`).selectOption('removed')
    }
    await dialog.getByTestId('membership-send').click()
    await expect(dialog.getByTestId('membership-problem')).toBeVisible()
    await window.page.keyboard.press('Escape')
    // Nothing was added to its log, other than what whoever is elected begins with: one entry a term.
    const now = await window.data(leader)
    expect(now.last - before.last).toBeLessThanOrEqual(now.term - before.term)
    for (const id of all) await expect(window.node(id)).toHaveAttribute('data-belongs', 'voter')
  })
})
