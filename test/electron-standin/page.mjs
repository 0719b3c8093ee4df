// Two functions that run inside the page at document start, by their source text: each must stand alone.

/**
 * The page's own world: builds what `contextBridge` exposes. Both worlds see the same document, and speak by events
 * whose names nobody else knows.
 */
export function mainWorld(channel) {
  const promises = new Map()
  const functions = []
  let returned
  const tell = (detail) => document.dispatchEvent(new CustomEvent(`${channel}:isolated`, { detail }))
  const give = (value) => (typeof value === 'function' ? { $function: functions.push(value) - 1 } : value)

  const call = (id, given) => {
    returned = undefined
    tell({ kind: 'call', id, arguments: given.map(give) })
    const answer = returned
    returned = undefined
    if (answer === undefined) throw new Error('the bridge is closed')
    if ('thrown' in answer) throw answer.thrown
    return take(answer.value)
  }
  const take = (value) => {
    if (value === null || typeof value !== 'object') return value
    if ('$function' in value) return (...given) => call(value.$function, given)
    if ('$promise' in value) {
      return new Promise((resolve, reject) => promises.set(value.$promise, { resolve, reject }))
    }
    if (Array.isArray(value)) return value.map(take)
    if (Object.getPrototypeOf(value) !== Object.prototype) return value
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, take(held)]))
  }
  const freeze = (value) => {
    if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value
    for (const held of Object.values(value)) freeze(held)
    return Object.freeze(value)
  }

  document.addEventListener(
    `${channel}:main`,
    (event) => {
      event.stopImmediatePropagation()
      const message = event.detail
      if (message.kind === 'expose') {
        const value = freeze(take(message.api))
        Object.defineProperty(window, message.key, { value, enumerable: true })
      } else if (message.kind === 'returned') {
        returned = message
      } else if (message.kind === 'call') {
        functions[message.id](...message.arguments.map(take))
      } else if (message.kind === 'settled') {
        const { resolve, reject } = promises.get(message.id)
        promises.delete(message.id)
        if ('thrown' in message) reject(message.thrown)
        else resolve(take(message.value))
      }
    },
    true,
  )
}

/** The isolated world: what a sandboxed preload script finds, and that script. */
export function isolatedWorld(channel, binding, codec, preload, processInfo) {
  const send = globalThis[binding]
  delete globalThis[binding]
  const functions = []
  let promised = 0
  const tell = (detail) => document.dispatchEvent(new CustomEvent(`${channel}:main`, { detail }))

  const give = (value) => {
    if (typeof value === 'function') return { $function: functions.push(value) - 1 }
    if (value === null || typeof value !== 'object') return value
    if (typeof value.then === 'function') {
      const id = ++promised
      value.then(
        (settled) => tell({ kind: 'settled', id, value: give(settled) }),
        (thrown) => tell({ kind: 'settled', id, thrown }),
      )
      return { $promise: id }
    }
    if (Array.isArray(value)) return value.map(give)
    // Instances of classes lose their prototype, as they do in Electron.
    if (Object.prototype.toString.call(value) !== '[object Object]') return value
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, give(held)]))
  }
  const take = (value) =>
    value !== null && typeof value === 'object' && '$function' in value
      ? (...given) => tell({ kind: 'call', id: value.$function, arguments: given.map(give) })
      : value

  document.addEventListener(
    `${channel}:isolated`,
    (event) => {
      event.stopImmediatePropagation()
      const { id, arguments: given } = event.detail
      try {
        tell({ kind: 'returned', value: give(functions[id](...given.map(take))) })
      } catch (thrown) {
        tell({ kind: 'returned', thrown })
      }
    },
    true,
  )

  const listeners = new Map()
  const invoked = new Map()
  let invocation = 0
  const ipcRenderer = {
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener])
      return ipcRenderer
    },
    removeListener(name, listener) {
      listeners.set(
        name,
        (listeners.get(name) ?? []).filter((known) => known !== listener),
      )
      return ipcRenderer
    },
    send: (name, ...given) => send(JSON.stringify({ kind: 'send', name, arguments: codec.encode(given) })),
    invoke: (name, ...given) =>
      new Promise((resolve, reject) => {
        const id = ++invocation
        const text = codec.encode(given)
        invoked.set(id, { name, resolve, reject })
        send(JSON.stringify({ kind: 'invoke', id, name, arguments: text }))
      }),
  }
  globalThis.__deliver = (message) => {
    if (message.kind === 'message') {
      for (const listener of listeners.get(message.name) ?? []) {
        listener({ sender: ipcRenderer, ports: [] }, ...codec.decode(message.arguments))
      }
      return
    }
    const { name, resolve, reject } = invoked.get(message.id)
    invoked.delete(message.id)
    if (message.thrown === undefined) resolve(codec.decode(message.value))
    else reject(new Error(`Error invoking remote method '${name}': ${message.thrown}`))
  }

  const exposed = new Set()
  const contextBridge = {
    exposeInMainWorld(key, api) {
      if (exposed.has(key)) throw new Error('Cannot bind an API on top of an existing property on the window object')
      exposed.add(key)
      tell({ kind: 'expose', key, api: give(api) })
    },
  }
  const require = (name) => {
    if (name === 'electron') return { contextBridge, ipcRenderer }
    throw new Error(`module not found: ${name}`)
  }
  const process = Object.freeze({ ...processInfo, type: 'renderer', sandboxed: true, contextIsolated: true })
  try {
    new Function('require', 'process', 'exports', 'module', preload)(require, process, {}, { exports: {} })
  } catch (trouble) {
    send(JSON.stringify({ kind: 'preload-error', text: String(trouble.stack ?? trouble) }))
  }
}
