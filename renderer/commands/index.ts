/** All commands of the shell. The diagrams define theirs in their own views. */
import { defineClientCommands } from './client'
import { defineClusterCommands } from './clusters'
import { defineLinkCommands } from './links'
import { defineNodeCommands } from './nodes'
import { defineTimeCommands } from './time'
import { defineViewCommands } from './view'

export function defineShellCommands(): void {
  defineClusterCommands()
  defineNodeCommands()
  defineLinkCommands()
  defineClientCommands()
  defineTimeCommands()
  defineViewCommands()
}
