/** The whole window in a real browser, on a fake door: layout, focus and keys that need real geometry. */
import { beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { useLayoutStore } from '../../../renderer/stores/layout'
import type { FakeDoor } from '../support/fake-door'
import { nodeView, wholeUpdate } from '../support/samples'
import { box, emptyDoor, showWindow } from '../support/window'

let door: FakeDoor

beforeEach(async () => {
  door = emptyDoor()
  await showWindow(door, 1440, 900)
})

async function openLive(count = 5): Promise<void> {
  door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  door.say('live', wholeUpdate(Array.from({ length: count }, (_, at) => nodeView(at + 1))))
  await expect.element(page.getByTestId('tab-faults')).toBeVisible()
}

describe('the regions', () => {
  it('stand as in the mockup at 1440 × 900', async () => {
    await openLive()
    expect(box('[data-region="cluster"]').width).toBe(344)
    expect(box('[data-region="inspector"]').width).toBe(316)
    expect(Math.round(box('[data-region="timeline"]').height)).toBe(312)
    expect(box('[data-region="logs"]').width).toBeGreaterThanOrEqual(480)
  })
  it.each([
    [1280, 800],
    [1024, 700],
    [2560, 1440],
  ])('overflow nowhere at %i × %i', async (width, height) => {
    await openLive()
    await page.viewport(width, height)
    await expect.poll(() => box('.app').width).toBe(width)
    expect(document.documentElement.scrollWidth).toBe(width)
    expect(document.documentElement.scrollHeight).toBe(height)
    const topbar = document.querySelector<HTMLElement>('.topbar')
    expect(topbar?.scrollWidth).toBeLessThanOrEqual(topbar?.clientWidth ?? 0)
    const left = document.querySelector<HTMLElement>('[data-region="cluster"]')
    expect(left?.scrollWidth).toBeLessThanOrEqual(left?.clientWidth ?? 0)
  })
  it('lay the inspector over the logs where the window is narrow, on request', async () => {
    await openLive()
    await page.viewport(1100, 800)
    await expect.poll(() => document.querySelector('[data-testid="inspector"]')).toBeNull()
    await userEvent.keyboard('{Control>}i{/Control}')
    await expect.element(page.getByTestId('inspector')).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => document.querySelector('[data-testid="inspector"]')).toBeNull()
  })
})

describe('dividers', () => {
  it('move by arrow keys within their limits, and become automatic again by Enter', async () => {
    await openLive()
    const divider = page.getByRole('separator', { name: 'Width of the cluster region' }).element() as HTMLElement
    divider.focus()
    await userEvent.keyboard('{ArrowRight}')
    await expect.poll(() => box('[data-region="cluster"]').width).toBe(352)
    expect(divider.getAttribute('aria-valuenow')).toBe('352')
    await userEvent.keyboard('{Home}')
    await expect.poll(() => box('[data-region="cluster"]').width).toBe(280)
    await userEvent.keyboard('{ArrowLeft}')
    expect(box('[data-region="cluster"]').width).toBe(280)
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => box('[data-region="cluster"]').width).toBe(344)
  })
  it('grow what they are named after, whichever side it is on', async () => {
    await openLive()
    const divider = page.getByRole('separator', { name: 'Height of the timeline' }).element() as HTMLElement
    divider.focus()
    await userEvent.keyboard('{ArrowUp}')
    await expect.poll(() => Math.round(box('[data-region="timeline"]').height)).toBe(320)
  })
  it('remember where they were left', async () => {
    await openLive()
    useLayoutStore().resize('right', 400)
    await expect.poll(() => localStorage.getItem('raft-workbench.layout.1')).toContain('"right":400')
  })
})

describe('focus', () => {
  it('goes round the regions by F6, and back by Shift F6', async () => {
    await openLive()
    const region = () => document.activeElement?.closest('[data-region]')?.getAttribute('data-region')
    const seen: (string | null | undefined)[] = []
    for (let i = 0; i < 5; i++) {
      await userEvent.keyboard('{F6}')
      seen.push(region())
    }
    expect(seen).toEqual(['topbar', 'cluster', 'logs', 'inspector', 'timeline'])
    await userEvent.keyboard('{Shift>}{F6}{/Shift}')
    expect(region()).toBe('inspector')
  })
  it('comes back to where it was when the palette closes', async () => {
    await openLive()
    const button = page.getByTestId('tab-links').element() as HTMLElement
    button.focus()
    await userEvent.keyboard('{Control>}k{/Control}')
    await expect.element(page.getByTestId('palette')).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => document.activeElement).toBe(button)
  })
  it('is shown by a ring', async () => {
    await openLive()
    await userEvent.keyboard('{F6}')
    expect(getComputedStyle(document.activeElement as Element).boxShadow).not.toBe('none')
  })
})

describe('states', () => {
  it('offer the next act when nothing is open', async () => {
    door.say('source', { kind: 'none' })
    await page.getByTestId('start-cluster').click()
    expect(door.inputsOf('clusters.create')).toEqual([{ nodes: 5 }])
  })
  it('count the processes while a cluster starts', async () => {
    door.say('source', { kind: 'opening', name: 'five', ready: 2, of: 5 })
    await expect.element(page.getByText('2 of 5 processes ready')).toBeVisible()
  })
  it('say that the workbench is lost, freeze, and try again on request', async () => {
    await openLive()
    door.connection.value = 'lost'
    door.retryAt.value = performance.now() + 3000
    await expect.element(page.getByTestId('disconnected')).toBeVisible()
    await expect.element(page.getByTestId('state-pill')).toHaveTextContent('Disconnected')
    await page.getByRole('button', { name: 'Try now' }).click()
    expect(door.retries).toBe(1)
    expect(box('[data-region="timeline"]').bottom).toBeLessThanOrEqual(900)
  })
  it('change theme and language at once, and store both', async () => {
    await openLive()
    await page.getByTestId('language-switch').click()
    await expect.poll(() => document.documentElement.lang).toBe('zh-CN')
    await expect.element(page.getByTestId('tab-faults')).toHaveTextContent('故障')
    await page.getByTestId('theme-switch').click()
    await expect.poll(() => document.documentElement.dataset.theme).toBe('light')
    expect(door.inputsOf('settings.set')).toEqual([{ language: 'zh' }, { theme: 'light' }])
    await page.getByTestId('language-switch').click()
  })
  it('show a notice with the opposite act', async () => {
    await openLive()
    await userEvent.keyboard('3k')
    await expect.element(page.getByTestId('toast')).toBeVisible()
    await page.getByTestId('toast').getByRole('button', { name: 'Restart' }).click()
    await expect.poll(() => door.inputsOf('node.start')).toEqual([{ node: 3 }])
  })
})
