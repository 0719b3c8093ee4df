/** Whether this window is an exported page: it shows a recording, and there is nothing that it could act on. */
export function isOfflinePage(): boolean {
  return document.documentElement.dataset.offline !== undefined
}
