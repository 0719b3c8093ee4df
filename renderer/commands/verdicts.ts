/** What is judged of what is open. */
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useToasts } from '../stores/toasts'
import { useUiStore } from '../stores/ui'
import { useVerdictsStore } from '../stores/verdicts'
import { download } from './exports'
import { defineCommand } from './registry'

declare module './registry' {
  interface CommandMap {
    'verdicts.show': undefined
    'verdicts.judge': undefined
    'verdicts.stop': undefined
    'verdicts.next': undefined
    'verdicts.report': undefined
  }
}

export function defineVerdictCommands(): void {
  const cluster = useClusterStore()
  const verdicts = useVerdictsStore()
  const ui = useUiStore()
  const door = useDoor()
  const group = 'verdicts' as const
  const open = () => cluster.sourceName !== null && !cluster.disconnected
  const goesOn = () => verdicts.view?.state === 'judging' || verdicts.view?.state === 'following'

  defineCommand<'verdicts.show'>({
    id: 'verdicts.show',
    label: 'verdicts.commands.show',
    keys: ['j'],
    group,
    when: () => cluster.moment !== null,
    run: () => {
      ui.centre = ui.centre === 'verdicts' ? 'logs' : 'verdicts'
    },
  })
  defineCommand<'verdicts.next'>({
    id: 'verdicts.next',
    label: 'verdicts.commands.next',
    keys: ['Shift+j'],
    group,
    when: () => cluster.moment !== null,
    run: async () => {
      if (!(await verdicts.next())) useToasts().push({ tone: 'neutral', text: () => i18n.global.t('verdicts.noNext') })
    },
  })
  defineCommand<'verdicts.judge'>({
    id: 'verdicts.judge',
    label: 'verdicts.commands.judge',
    group,
    when: open,
    run: async () => {
      if (cluster.sourceName !== null) await door.call('verdicts.judge', { source: cluster.sourceName })
    },
  })
  defineCommand<'verdicts.report'>({
    id: 'verdicts.report',
    label: 'verdicts.commands.report',
    group,
    when: () => open() && verdicts.view !== null,
    run: async () => {
      const source = cluster.sourceName
      if (source === null) return
      const language = i18n.global.locale.value
      const saved = await door.call('verdicts.report', { source, language })
      if (saved.kind === 'download') download(saved.url, saved.name)
    },
  })
  defineCommand<'verdicts.stop'>({
    id: 'verdicts.stop',
    label: 'verdicts.commands.stop',
    group,
    when: () => open() && goesOn(),
    run: async () => {
      if (cluster.sourceName !== null) await door.call('verdicts.stop', { source: cluster.sourceName })
    },
  })
}
