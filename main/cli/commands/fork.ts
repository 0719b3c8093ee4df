import { join, resolve } from 'node:path'
import { forkRecording } from '../../workbench/forking'
import { Ending } from '../ending'
import { aligned, EXIT, type Terminal } from '../terminal'
import { FORK_TEXTS } from '../texts/fork'

export interface ForkOptions {
  /** Nanoseconds. */
  readonly at: number
  /** A home: the cluster is put into `<out>/clusters/<name>`. */
  readonly out: string
  readonly name?: string
  readonly json: boolean
}

/** Makes a cluster of a moment of a recording, for `open` and `serve` to start. */
export async function forkCommand(recording: string, options: ForkOptions, terminal: Terminal): Promise<number> {
  const texts = FORK_TEXTS[terminal.language]
  const ending = new Ending()
  const home = resolve(options.out)
  const path = resolve(recording)
  try {
    const { made, damage } = await forkRecording({
      recording: path,
      at: options.at,
      home,
      name: options.name,
      signal: ending.signal,
    })
    for (const problem of damage) terminal.fail(problem)
    const nodes = made.image.nodes.map(({ node, role, disk }) => ({
      node,
      role,
      directory: join(made.path, 'nodes', `n${node}`),
      currentTerm: disk?.hardState.currentTerm ?? 0,
      votedFor: disk?.hardState.votedFor ?? 0,
      firstIndex: (disk?.base.index ?? 0) + 1,
      lastIndex: disk === undefined ? 0 : disk.base.index + disk.entries.length,
      snapshotIndex: disk?.snapshot?.index ?? 0,
    }))
    if (options.json) {
      const { name, id, origin, image } = made
      const { committed, completed } = image
      terminal.print(JSON.stringify({ home, name, id, path: made.path, origin, committed, completed, nodes }, null, 2))
      return EXIT.ok
    }
    const rows = nodes.map((node) => [
      String(node.node),
      node.role,
      String(node.currentTerm),
      node.lastIndex < node.firstIndex ? texts.nothing : `${node.firstIndex}–${node.lastIndex}`,
      node.snapshotIndex === 0 ? '–' : String(node.snapshotIndex),
      node.directory,
    ])
    terminal.print(texts.made(made.name, path, made.origin.t / 1e9, made.origin.seq))
    terminal.print('')
    await terminal.write(`${aligned([texts.heading, ...rows], new Set([0, 2, 4])).join('\n')}\n`)
    if (made.image.completed.length > 0) terminal.print(texts.completed(made.image.completed.join(', ')))
    terminal.print('')
    terminal.print(texts.start(home))
    return EXIT.ok
  } finally {
    ending.release()
  }
}
