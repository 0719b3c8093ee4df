/** What a window may do, and nothing more: named functions over a fixed set of calls and streams. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { type Answer, CALLS, type CallName, CHANNELS, STREAMS, type WorkbenchDoor } from './contract'

let next = 1
const listeners = new Map<number, (value: never) => void>()

ipcRenderer.on(CHANNELS.value, (_event, subscription: number, value: unknown) => {
  // Told first, so that a listener that throws does not stop the stream.
  ipcRenderer.send(CHANNELS.taken, subscription)
  listeners.get(subscription)?.(value as never)
})

const door: WorkbenchDoor = {
  call(name: CallName, input) {
    if (!Object.hasOwn(CALLS, name)) return Promise.reject(new Error(`unknown call: ${String(name)}`))
    return ipcRenderer.invoke(CHANNELS.call, name, input) as Promise<Answer<never>>
  },
  subscribe(name, listener) {
    if (!STREAMS.includes(name)) throw new Error(`unknown stream: ${String(name)}`)
    const subscription = next++
    listeners.set(subscription, listener)
    ipcRenderer.send(CHANNELS.subscribe, subscription, name)
    return () => {
      if (listeners.delete(subscription)) ipcRenderer.send(CHANNELS.unsubscribe, subscription)
    }
  },
  pathOf: (file) => webUtils.getPathForFile(file),
}

contextBridge.exposeInMainWorld('workbench', door)
