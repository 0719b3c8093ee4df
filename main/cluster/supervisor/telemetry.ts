/** The socket on which nodes report. Who connects must first say who it is. */
import { type Frame, type Hello, PROTOCOL_VERSION } from '../../node/contract/frames'
import { type Connection, type Listener, listen } from '../../node/contract/transport'

/** What takes over a connection after its hello. */
export interface Receiver {
  onFrame(frame: Frame): void
  onClose(): void
}

const HELLO_WITHIN_MS = 5000

/**
 * Listens for telemetry. `admit` decides by the hello who receives the rest of a connection; `null` refuses it.
 */
export function openTelemetry(
  address: string,
  clusterId: string,
  admit: (hello: Hello, connection: Connection) => Receiver | null,
): Promise<Listener> {
  return listen(address, (connection) => {
    let receiver: Receiver | null = null
    const impatience = setTimeout(() => connection.close(), HELLO_WITHIN_MS)
    impatience.unref()
    connection.onFrame((frame) => {
      if (receiver !== null) {
        receiver.onFrame(frame)
        return
      }
      clearTimeout(impatience)
      if (isTelemetryHello(frame, clusterId)) receiver = admit(frame, connection)
      if (receiver === null) connection.close()
    })
    connection.onClose(() => {
      clearTimeout(impatience)
      receiver?.onClose()
    })
  })
}

function isTelemetryHello(frame: Frame, clusterId: string): frame is Hello {
  return (
    frame.type === 'hello' &&
    frame.version === PROTOCOL_VERSION &&
    frame.role === 'telemetry' &&
    frame.clusterId === clusterId
  )
}
