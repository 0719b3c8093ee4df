/** Puts the page's door where the window looks for it, as the preload script does in Electron. */
import { version } from '../../package.json'
import type { WorkbenchDoor } from '../../preload/contract'
import { PAGE_DATA_ID, unpackPage } from '../timeline/export/html-pack'
import { OfflineDoor } from './host'

async function pageData(): Promise<Uint8Array> {
  const text = document.getElementById(PAGE_DATA_ID)?.textContent ?? ''
  const packed = Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** A page without its data is no page: it says so, where the window would be. */
function failed(thrown: unknown): void {
  const text = document.createElement('p')
  text.setAttribute('role', 'alert')
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  text.textContent = `This page is damaged and can’t be shown (${reason}). Export it again. 此页面已损坏，无法显示，请重新导出。`
  document.body.replaceChildren(text)
}

const door: WorkbenchDoor = new OfflineDoor(pageData().then(unpackPage), { version, failed })
Object.defineProperty(window, 'workbench', { value: door })
