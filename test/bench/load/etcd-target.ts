import { PUT_METHOD, putRequest, revisionOf } from './etcd-messages'
import { Http2Connection } from './http2'
import type { Target } from './target'
import { keyOf, valueFor } from './writes'

/** Puts to one etcd server over a few connections, in turn. */
export async function etcdTarget(port: number, connections: number): Promise<Target> {
  const open = await Promise.all(
    Array.from({ length: connections }, () => Http2Connection.open('127.0.0.1', port, PUT_METHOD)),
  )
  let turn = 0
  return {
    put(write, done) {
      const connection = open[turn++ % open.length]
      connection?.call(putRequest(Buffer.from(keyOf(write), 'latin1'), valueFor(write)), (message) =>
        done(message === undefined ? 0 : revisionOf(message)),
      )
    },
    close() {
      for (const connection of open) connection.close()
    },
  }
}
