/** A limit on everything that crosses a door. */
export const MIN_NODES = 1
export const MAX_NODES = 51
export const MAX_KEY_BYTES = 1024
/** 1 MiB. */
export const MAX_VALUE_BYTES = 1 << 20
/** One AppendEntries carries at most this many entry bytes, or a single larger entry. */
export const MAX_BATCH_BYTES = 1 << 20
/** A frame is at most this long; a longer one is a broken or foreign peer. */
export const MAX_FRAME_BYTES = 8 << 20
/** `sun_path` on Linux holds 108 bytes with its terminating zero; macOS 104. A window has no `process` and no sockets. */
export const MAX_SOCKET_PATH = typeof process === 'object' && process.platform === 'darwin' ? 103 : 107
/** Bytes waiting in one socket before the sender drops Raft messages instead of queueing more (Raft retries, §5.5). */
export const MAX_SOCKET_BACKLOG = 16 << 20
export const DEFAULT_NODES = 5
export const DEFAULT_ELECTION_TIMEOUT_MS = 250
export const DEFAULT_HEARTBEAT_MS = 50
/** Entry bytes under way to one peer. */
export const MAX_IN_FLIGHT_BYTES = 4 << 20
/** Entry bytes that may wait for a majority. */
export const MAX_UNCOMMITTED_BYTES = 64 << 20
