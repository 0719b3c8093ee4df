/** The whole window in a real browser, on a fake door. */
import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { onTestFinished } from 'vitest'
import { page } from 'vitest/browser'
import App from '../../../renderer/App.vue'
import { i18n } from '../../../renderer/i18n'
import { installDoor } from '../../../renderer/stores/door'
import { FakeDoor } from './fake-door'
import '../../../renderer/styles/index.css'

/** A door behind which there is nothing yet: no clusters, no recordings, no events. */
export function emptyDoor(): FakeDoor {
  return (
    new FakeDoor()
      .on('clusters.list', () => [])
      .on('recordings.list', () => [])
      .on('settings.get', () => ({ language: 'en', theme: 'dark' }))
      .on('timeline.events', () => [])
      // The palette asks for it when it is opened.
      .on('scenarios.list', () => [])
  )
}

/** Shows the window, of this size and with nothing remembered, until the test is over. */
export async function showWindow(door: FakeDoor, width: number, height: number): Promise<void> {
  localStorage.clear()
  await page.viewport(width, height)
  installDoor(door)
  const pinia = createPinia()
  setActivePinia(pinia)
  const root = document.body.appendChild(document.createElement('div'))
  root.id = 'app'
  const app = mount(App, { attachTo: root, global: { plugins: [pinia, i18n] } })
  // Between #app and the window stands one more element than in the product.
  const between = root.firstElementChild
  if (between instanceof HTMLElement) between.style.height = '100%'
  onTestFinished(() => {
    app.unmount()
    document.body.replaceChildren()
  })
}

/** The first element that is there now. @throws when there is none */
export function query<E extends HTMLElement = HTMLElement>(selector: string): E {
  const found = document.querySelector<E>(selector)
  if (found === null) throw new Error(`no ${selector}`)
  return found
}

/** Where it stands in the window. */
export function box(selector: string): DOMRect {
  return query(selector).getBoundingClientRect()
}
