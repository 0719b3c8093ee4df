/** The bug zoo: nodes with a bug on purpose, a script that provokes it, and the verdicts that catch it. */
import { BUG_IDS, BUG_WORDS, type BugId } from '../../preload/contract'
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { ProblemError, useDoor } from '../stores/door'
import { useScenarioAttempt } from '../stores/scenarios'
import { useToasts } from '../stores/toasts'
import { useToursStore } from '../stores/tours'
import { useUiStore } from '../stores/ui'
import { defineCommand } from './registry'

declare module './registry' {
  interface CommandMap {
    'zoo.hunt': { readonly bug: BugId }
    'zoo.huntCorrect': { readonly bug: BugId }
  }
}

export function defineZooCommands(): void {
  const cluster = useClusterStore()
  const attempt = useScenarioAttempt()
  const ui = useUiStore()
  const door = useDoor()
  const toasts = useToasts()
  const { t } = i18n.global

  async function hunt(bug: BugId, correct: boolean): Promise<void> {
    const thrown = await attempt.make(async () => {
      useToursStore().leave()
      ui.creating = false
      ui.configuring = null
      const opened = await door.call('zoo.hunt', { bug, correct })
      const text = () => t(correct ? 'settings.huntingCorrect' : 'settings.hunting', { cluster: opened.cluster })
      toasts.push({ tone: 'ok', text })
    })
    // Whoever gave up the start knows it.
    if (thrown !== null && !(thrown instanceof ProblemError && thrown.problem.code === 'no-cluster')) throw thrown
  }

  for (const { id, correct } of [
    { id: 'zoo.hunt', correct: false },
    { id: 'zoo.huntCorrect', correct: true },
  ] as const) {
    defineCommand<typeof id>({
      id,
      label: correct ? 'settings.commands.huntCorrect' : 'settings.commands.hunt',
      group: 'scenarios',
      when: () => !cluster.disconnected && !attempt.busy,
      variants: () =>
        BUG_IDS.map((bug) => ({
          target: BUG_WORDS[i18n.global.locale.value === 'zh' ? 'zh' : 'en'][bug].name,
          argument: { bug },
        })),
      run: ({ bug }) => hunt(bug, correct),
    })
  }
}
