/** What a client may ask: checked before anything is proposed. */
import type { Command } from '../contract/client'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../contract/limits'
import { Problem } from '../contract/problem'

/** Why the command is refused; undefined when it is fine. */
export function refusal(command: Command): Problem | undefined {
  const keyBytes = Buffer.byteLength(command.key)
  if (keyBytes === 0 || keyBytes > MAX_KEY_BYTES)
    return new Problem('key-size', { given: keyBytes, max: MAX_KEY_BYTES })
  if (command.op === 'put' && command.value.length > MAX_VALUE_BYTES) {
    return new Problem('value-size', { given: command.value.length, max: MAX_VALUE_BYTES })
  }
  return undefined
}
