/** Mermaid itself reads the diagram; it wants a browser's window for cleaning texts. */
import { Window } from 'happy-dom'
import type { Mermaid } from 'mermaid'

let loaded: Promise<Mermaid> | undefined

async function mermaid(): Promise<Mermaid> {
  if (globalThis.document === undefined) {
    const window = new Window()
    Object.assign(globalThis, { window, document: window.document })
  }
  return (await import('mermaid')).default
}

/** Throws Mermaid's own error where it cannot read it. */
export async function checkMermaid(text: string): Promise<void> {
  if (text.length > 50_000) throw new Error(`${text.length} characters`)
  loaded ??= mermaid()
  const read = await (await loaded).parse(text)
  if (read.diagramType !== 'sequence') throw new Error(`not a sequence diagram: ${read.diagramType}`)
}
