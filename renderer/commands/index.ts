/** All commands of the shell. The diagrams define theirs in their own views. */
import { defineArmedCommands } from './armed'
import { defineBreakpointCommands } from './breakpoints'
import { defineClientCommands } from './client'
import { defineClockCommands } from './clocks'
import { defineClusterCommands } from './clusters'
import { defineHeldCommands } from './held'
import { defineLinkCommands } from './links'
import { defineMembershipCommands } from './membership'
import { defineNemesisCommands } from './nemesis'
import { defineNodeCommands } from './nodes'
import { defineSettingsCommands } from './settings'
import { defineTimeCommands } from './time'
import { defineViewCommands } from './view'
import { defineWorkloadCommands } from './workload'

export function defineShellCommands(): void {
  defineClusterCommands()
  defineSettingsCommands()
  defineNodeCommands()
  defineMembershipCommands()
  defineLinkCommands()
  defineHeldCommands()
  defineClockCommands()
  defineArmedCommands()
  defineBreakpointCommands()
  defineWorkloadCommands()
  defineNemesisCommands()
  defineClientCommands()
  defineTimeCommands()
  defineViewCommands()
}
