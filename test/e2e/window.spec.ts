/** The window itself: languages, themes, keyboard, errors, and that it can be used without seeing it. */
import AxeBuilder from '@axe-core/playwright'
import { expect, processesOf, test } from './shell'

test('the empty page says what is missing and offers the next act', async ({ shell }) => {
  const { page } = shell.window
  await expect(page.getByTestId('start-cluster')).toBeVisible()
  await expect(page.getByTestId('state-pill')).toBeVisible()
})

test('English and Chinese, dark and light: switched at once, remembered', async ({ shell }) => {
  const { page } = shell.window
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

test('no accessibility violation in either theme, with a cluster alive', async ({ shell }) => {
  const { window } = shell
  await window.startFive()
  const leader = await window.leader([1, 2, 3, 4, 5])
  await window.node(leader).click()
  for (let theme = 0; theme < 2; theme++) {
    // A drawn node shows abbreviations; its name says the same in words, so the two differ on purpose.
    const scanner = new AxeBuilder({ page: window.page }).disableRules('label-content-name-mismatch')
    const { violations } = await scanner.setLegacyMode(true).analyze()
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`)).toEqual([])
    await window.page.getByTestId('theme-switch').click()
  }
})

test('a node count out of range is answered by a sentence at the field', async ({ shell }) => {
  const { page } = shell.window
  await shell.window.command('New cluster…')
  const dialog = page.getByTestId('create-dialog')
  await dialog.getByLabel('Nodes', { exact: true }).fill('52')
  await expect(dialog).toContainText('Between 1 and 51 nodes.')
  await expect(page.getByTestId('create-submit')).toBeDisabled()
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

test('a value over the limit is refused and the cluster goes on', async ({ shell }) => {
  const { window } = shell
  await window.startFive()
  await window.leader([1, 2, 3, 4, 5])
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
