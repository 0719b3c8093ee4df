/** All commands of the shell. The diagrams define theirs in their own views. */
import { isOfflinePage } from '../views/exports/offline'
import { defineArmedCommands } from './armed'
import { defineBranchCommands } from './branches'
import { defineBreakpointCommands } from './breakpoints'
import { defineClientCommands } from './client'
import { defineClockCommands } from './clocks'
import { defineClusterCommands } from './clusters'
import { defineCopyCommands, defineExportCommands } from './exports'
import { defineHeldCommands } from './held'
import { defineLinkCommands } from './links'
import { defineMembershipCommands } from './membership'
import { defineNemesisCommands } from './nemesis'
import { defineNodeCommands } from './nodes'
import { defineScenarioCommands } from './scenarios'
import { defineSettingsCommands } from './settings'
import { defineTimeCommands } from './time'
import { defineGuideCommands, defineTourCommands } from './tours'
import { defineVerdictCommands } from './verdicts'
import { defineViewCommands } from './view'
import { defineWorkloadCommands } from './workload'
import { defineZooCommands } from './zoo'

export function defineShellCommands(): void {
  defineTimeCommands()
  defineBranchCommands()
  defineViewCommands()
  defineCopyCommands()
  // An exported page only looks: there is nothing that it could act on.
  if (isOfflinePage()) return
  defineExportCommands()
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
  defineVerdictCommands()
  defineScenarioCommands()
  defineZooCommands()
  defineTourCommands()
  defineGuideCommands()
}
