/** The program that makes the load, in a process of its own: it does nothing else, and its CPU use is measured. */
import { Load } from './closed-loop'
import { etcdTarget } from './etcd-target'
import { oursTarget } from './ours-target'
import type { Ask, Told } from './remote'
import type { Target, TargetAddress } from './target'

// Ctrl-C in a terminal reaches every process; who started this one ends it.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => process.exit(0))

let target: Target | undefined
let load: Load | undefined

async function open(address: TargetAddress): Promise<Target> {
  if (address.system === 'ours') return await oursTarget(address)
  return await etcdTarget(address.port, address.connections)
}

async function obey(ask: Ask): Promise<Told> {
  switch (ask.type) {
    case 'open':
      target = await open(ask.address)
      load = new Load(target)
      return { type: 'opened' }
    case 'run':
      if (load === undefined) throw new Error('not open')
      return { type: 'ran', result: await load.run(ask.options) }
    case 'acknowledged':
      return { type: 'acknowledged', pairs: load?.acknowledged.pairs ?? new Float64Array() }
    case 'close':
      target?.close()
      return { type: 'closed' }
  }
}

process.on('message', (ask: Ask) => {
  obey(ask).then(
    (told) => process.send?.(told),
    (error: unknown) => process.send?.({ type: 'failed', reason: String(error) } satisfies Told),
  )
})
