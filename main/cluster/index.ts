/** The cluster room: spawn, watch, stop and break node processes, and talk to them as a client. */
export type * from './api'
export { createClusterStore, type StoreOptions } from './store'
