/** node-ipc 14.0.0 ships no types; only what we use, read from its source. */
declare module 'node-ipc' {
  import type { Server as NetServer, Socket } from 'node:net'

  export interface IpcConfig {
    id: string
    appspace: string
    socketRoot: string
    silent: boolean
    parser: 'raw' | 'fast' | 'guarded'
    rawBuffer: boolean
    retry: number
    maxRetries: number | boolean
    stopRetrying: boolean
    maxConnections: number
    unlink: boolean
  }
  export interface IpcClient {
    readonly socket: Socket
    on(type: 'connect' | 'disconnect' | 'destroy', handler: () => void): this
    on(type: 'data', handler: (chunk: Buffer) => void): this
    on(type: 'error', handler: (error: Error) => void): this
    off(type: string, handler?: (...args: never[]) => void): this
    emit(chunk: Buffer): boolean
  }
  export interface IpcServer {
    readonly server: NetServer
    readonly sockets: Socket[]
    on(type: 'connect', handler: (socket: Socket) => void): this
    on(type: 'error', handler: (error: Error) => void): this
    on(type: string, handler: (...args: never[]) => void): this
    /** With the raw parser: one `socket.write`. */
    emit(socket: Socket, chunk: Buffer): boolean
    start(): void
    stop(): void
  }
  export class IPCModule {
    config: IpcConfig
    of: Record<string, IpcClient>
    server: IpcServer
    serve(path: string, ready?: () => void): void
    connectTo(id: string, path: string, ready?: (ipc: IPCModule) => void): void
    disconnect(id: string): void
  }
}
