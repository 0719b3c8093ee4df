/** Frames over node-ipc: one endpoint listens, others connect. */
export type { Outbound, OutboundHandlers } from './connect'
export { connect } from './connect'
export type { Connection } from './connection'
export type { Listener } from './listen'
export { listen } from './listen'
