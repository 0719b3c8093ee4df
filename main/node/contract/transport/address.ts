/** Where an endpoint listens: a socket path, or on Windows the name of a pipe. */
import { MAX_SOCKET_PATH } from '../limits'
import { Problem } from '../problem'

const PIPE_PREFIX = '\\\\.\\pipe\\'

export const isPipe = process.platform === 'win32'

/**
 * The address as node-ipc wants it: it puts the pipe prefix before every name itself. Throws Problem 'socket-path' when
 * the path is longer than the system can bind (`sun_path`); the system would only say EINVAL.
 */
export function endpoint(address: string): string {
  if (isPipe) return address.startsWith(PIPE_PREFIX) ? address.slice(PIPE_PREFIX.length) : address
  const length = Buffer.byteLength(address)
  if (length > MAX_SOCKET_PATH) throw new Problem('socket-path', { path: address, length, max: MAX_SOCKET_PATH })
  return address
}

/** The address as `node:net` wants it. */
export function netPath(address: string): string {
  return isPipe ? `${PIPE_PREFIX}${endpoint(address).replace(/^\//, '').replaceAll('/', '-')}` : endpoint(address)
}
