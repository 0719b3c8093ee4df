/** A hunt in the window: the script of a bug, played on a new cluster that is open for everybody to see. */
import { BY_HAND, bugOf, Field, SCRIPTS } from '../../zoo'
import { openStageIn } from '../scenarios/window'
import type { Calls, Rooms } from './rooms'

/** Scripts draw nothing by chance but what faults need. */
const SEED = 1

export function zooCalls(rooms: Rooms): Calls<'zoo.hunt'> {
  const { settings, playing, host, signal } = rooms
  let hunting: AbortController | undefined
  return {
    'zoo.hunt': async ({ bug, correct }) => {
      const script = SCRIPTS[bugOf(bug).script]
      hunting?.abort()
      const own = new AbortController()
      hunting = own
      await playing.leave()
      const wish = {
        nodes: script.nodes,
        witnesses: 0,
        settings: { ...BY_HAND, ...script.settings, bug: correct ? ('' as const) : bug },
        manual: true,
        seed: SEED,
      }
      const { stage, cluster } = await openStageIn(rooms, wish, correct ? `zoo-${bug}-correct` : `zoo-${bug}`)
      await settings.change({ lastCluster: cluster })
      const field = new Field(SEED, AbortSignal.any([signal, own.signal]))
      const stop = stage.subscribe((event) => field.report([event]))
      void field
        .begin(stage.cluster)
        .then(() => script.play(field))
        // The cluster was closed, or a person did something else to it meanwhile: that is theirs to do.
        .catch((trouble: unknown) => host.log('info', `hunt of ${bug}: ${String(trouble)}`))
        .finally(stop)
      return { cluster }
    },
  }
}
