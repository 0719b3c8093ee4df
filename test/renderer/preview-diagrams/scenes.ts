/** The scenes of the preview: each a simulated cluster that has just got into an interesting situation. */
import { Simulation } from './simulate'

/** Without these a leader that is cut off goes on leading, which is what the scene is about. */
const OLD_LEADER_STAYS = { checkQuorum: false, preVote: false }
const KEYS = ['x', 'y', 'z']

function busy(simulation: Simulation, puts: number, every: number, via?: number): void {
  for (let i = 0; i < puts; i++) {
    simulation.put(KEYS[i % 3] ?? 'x', String((i * 7) % 10), via)
    simulation.run(every)
  }
}

export const SCENES: Readonly<Record<string, () => Simulation>> = {
  /** 2 | 3: the old leader keeps entries that will never be committed; the other side elects. */
  five: () => {
    const s = new Simulation(5, 18, { features: OLD_LEADER_STAYS })
    s.run(900)
    busy(s, 9, 150)
    const old = s.leader
    const side = [old, (old % 5) + 1]
    s.run(120)
    const rest = [1, 2, 3, 4, 5].filter((id) => !side.includes(id))
    s.partition([side, rest])
    s.put('z', '1', old)
    s.run(120)
    s.put('z', '4', old)
    s.run(700)
    s.put('x', '8', old)
    s.run(400)
    s.put('y', '2')
    s.run(33)
    busy(s, 4, 300)
    return s
  },
  /** Killed, paused, one link cut both ways, one in one direction. */
  faults: () => {
    const s = new Simulation(5, 12)
    s.run(900)
    busy(s, 4, 120)
    const down = (s.leader % 5) + 1
    s.kill(down)
    s.run(300)
    s.pause((down % 5) + 1)
    s.cut(((down + 1) % 5) + 1, s.leader, false)
    busy(s, 3, 120)
    s.gap(412)
    s.run(400)
    s.restart(down)
    busy(s, 5, 90)
    return s
  },
  /** A learner and a witness, snapshots, a lagging node that gets one, a joint change that cannot be committed yet. */
  members: () => {
    const s = new Simulation(5, 14, {
      witnesses: [5],
      trailingEntries: 2,
      settings: { priorities: { '2': 2, '5': 0 } },
    })
    s.run(900)
    busy(s, 6, 80)
    s.join(6)
    s.run(60)
    s.change([{ node: 6, role: 'learner' }], 'auto', 'add-node')
    s.run(400)
    const behind = (s.leader % 4) + 1
    s.partition([[behind], [1, 2, 3, 4, 5, 6].filter((id) => id !== behind)])
    busy(s, 8, 60)
    s.snapshot(s.leader)
    s.run(200)
    s.heal()
    s.run(110)
    busy(s, 2, 60)
    return s
  },
  /** In the middle of joint consensus: two voters come, two go; the new side is not there yet. */
  joint: () => {
    const s = new Simulation(5, 20, { features: { catchUpCheck: false } })
    s.run(1_000)
    busy(s, 5, 80)
    s.join(6)
    s.join(7)
    s.run(50)
    const going = [1, 2, 3, 4, 5].filter((id) => id !== s.leader).slice(0, 2)
    s.change([
      { node: 6, role: 'voter' },
      { node: 7, role: 'voter' },
      ...going.map((node) => ({ node, role: 'removed' }) as const),
    ])
    s.run(24)
    return s
  },
  /** Leadership on its way to another node. */
  transfer: () => {
    const s = new Simulation(3, 60)
    s.run(1_200)
    busy(s, 4, 150)
    s.run(300)
    s.transfer((s.leader % 3) + 1)
    s.run(33)
    return s
  },
  /** Nothing to say: heartbeats and timers have stopped. */
  quiet: () => {
    const s = new Simulation(3, 10, { features: { quiescence: true }, settings: { telemetry: 'message' } })
    s.run(900)
    busy(s, 3, 80)
    s.run(1_500)
    return s
  },
  one: () => {
    const s = new Simulation(1, 1)
    s.run(700)
    busy(s, 6, 80)
    return s
  },
  nine: () => {
    const s = new Simulation(9, 10, { features: OLD_LEADER_STAYS })
    s.run(900)
    busy(s, 14, 60)
    s.partition([
      [1, 4, 7],
      [2, 3, 5, 6, 8, 9],
    ])
    busy(s, 5, 80)
    return s
  },
  many: () => {
    const s = new Simulation(51, 6, { features: OLD_LEADER_STAYS })
    s.run(1_000)
    busy(s, 8, 60)
    s.kill(17)
    s.kill(30)
    s.partition([Array.from({ length: 20 }, (_, i) => i + 1), Array.from({ length: 31 }, (_, i) => i + 21)])
    s.run(400)
    return s
  },
  /** A long log and many terms: what scrolling and colours must stand. */
  long: () => {
    const s = new Simulation(3, 2)
    s.run(900)
    for (let term = 0; term < 11; term++) {
      busy(s, 34, 6)
      const leader = s.leader
      s.kill(leader)
      s.run(900)
      s.restart(leader)
      s.run(400)
    }
    s.put('a long key', 'and a value that does not fit into any cell')
    s.run(60)
    return s
  },
}
