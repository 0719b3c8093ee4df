/** All commands of the shell. The diagrams define theirs in their own views. */
import { defineClientCommands } from './client'
import { defineClusterCommands } from './clusters'
import { defineLinkCommands } from './links'
import { defineMembershipCommands } from './membership'
import { defineNodeCommands } from './nodes'
import { defineSettingsCommands } from './settings'
import { defineTimeCommands } from './time'
import { defineViewCommands } from './view'

export function defineShellCommands(): void {
  defineClusterCommands()
  defineSettingsCommands()
  defineNodeCommands()
  defineMembershipCommands()
  defineLinkCommands()
  defineClientCommands()
  defineTimeCommands()
  defineViewCommands()
}
