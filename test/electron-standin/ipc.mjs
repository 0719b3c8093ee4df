// `ipcMain`, and the way a message takes to it from a page.
import { EventEmitter } from 'node:events'
import { makeCodec } from './codec.mjs'

export const codec = makeCodec()

class IpcMain extends EventEmitter {
  handlers = new Map()

  handle(name, handler) {
    if (this.handlers.has(name)) throw new Error(`Attempted to register a second handler for '${name}'`)
    this.handlers.set(name, handler)
  }

  removeHandler(name) {
    this.handlers.delete(name)
  }
}

export const ipcMain = new IpcMain()

/**
 * Hands a page's message to the application; an invocation is answered by `deliver`.
 * @param contents the sender
 * @param frame as the application sees it: `app://…`, never the stand-in's own address
 */
export async function receive(message, contents, frame, deliver) {
  const event = { sender: contents, senderFrame: frame, ports: [] }
  if (message.kind === 'preload-error') {
    process.stderr.write(`The preload script failed: ${message.text}\n`)
  } else if (message.kind === 'send') {
    ipcMain.emit(message.name, event, ...codec.decode(message.arguments))
  } else {
    const { id, name } = message
    try {
      const handler = ipcMain.handlers.get(name)
      if (!handler) throw new Error(`No handler registered for '${name}'`)
      const value = await handler(event, ...codec.decode(message.arguments))
      deliver({ kind: 'result', id, value: codec.encode(value) })
    } catch (thrown) {
      deliver({ kind: 'result', id, thrown: String(thrown) })
    }
  }
}
