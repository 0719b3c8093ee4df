/** Mounts a component with stores, commands and strings around it, on a fake door. */
import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { type Component, effectScope, nextTick } from 'vue'
import { defineShellCommands } from '../../../renderer/commands'
import { i18n } from '../../../renderer/i18n'
import { useClusterStore } from '../../../renderer/stores/cluster'
import { installDoor } from '../../../renderer/stores/door'
import { FakeDoor } from './fake-door'

export interface Bench {
  readonly door: FakeDoor
  readonly cluster: ReturnType<typeof useClusterStore>
  mount(component: Component, props?: Record<string, unknown>): VueWrapper
  /** Lets frames, promises and renders settle. */
  settle(): Promise<void>
  end(): void
}

/** Fresh stores on a fresh door, connected, with all commands of the shell. */
export function createBench(): Bench {
  const door = new FakeDoor()
  // The palette asks for it when it is opened.
  door.on('scenarios.list', () => [])
  installDoor(door)
  const pinia = createPinia()
  setActivePinia(pinia)
  i18n.global.locale.value = 'en'
  const cluster = useClusterStore()
  const scope = effectScope()
  scope.run(() => defineShellCommands())
  const stop = cluster.connect()
  const mounted: VueWrapper[] = []
  return {
    door,
    cluster,
    mount(component, props = {}) {
      const wrapper = mount(component, { props, attachTo: document.body, global: { plugins: [pinia, i18n] } })
      mounted.push(wrapper)
      return wrapper
    },
    async settle() {
      for (let turn = 0; turn < 3; turn++) {
        await new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)))
        await new Promise((resolve) => setTimeout(resolve))
        await nextTick()
      }
    },
    end() {
      for (const wrapper of mounted) wrapper.unmount()
      stop()
      scope.stop()
      document.body.replaceChildren()
    },
  }
}
