/** Breaks things: processes, links, weather. */
import type { Simulation } from './simulation'

type Deed = (simulation: Simulation) => void

const deeds: readonly Deed[] = [
  crash,
  crashLeader,
  restart,
  restart,
  restart,
  restart,
  freeze,
  split,
  cutOneWay,
  heal,
  heal,
  storm,
]

/** One deed, drawn by chance. */
export function mischief(simulation: Simulation): void {
  simulation.random.pick(deeds)(simulation)
}

function crash(simulation: Simulation): void {
  const alive = simulation.nodes.filter(({ raft }) => raft)
  if (alive.length > 0) simulation.crash(simulation.random.pick(alive))
}

function crashLeader(simulation: Simulation): void {
  const leader = simulation.nodes.find(({ status }) => status?.role === 'leader')
  if (leader) simulation.crash(leader)
}

function restart(simulation: Simulation): void {
  const dead = simulation.nodes.filter(({ raft }) => !raft)
  if (dead.length > 0) simulation.start(simulation.random.pick(dead))
}

/** A process that is stopped and goes on later, believing that no time went by. */
function freeze(simulation: Simulation): void {
  const running = simulation.nodes.filter(({ raft, frozen }) => raft && !frozen)
  if (running.length === 0) return
  const { electionTimeout } = simulation.setup
  simulation.freeze(simulation.random.pick(running), simulation.random.between(0.1, 5) * electionTimeout)
}

/** Two groups that cannot hear each other. */
function split({ nodes, network, random }: Simulation): void {
  network.heal()
  const side = nodes.map(() => random.chance(0.5))
  for (const { id: from } of nodes) {
    for (const { id: to } of nodes) if (side[from - 1] !== side[to - 1]) network.cut(from, to)
  }
}

/** Some links fail in one direction. */
function cutOneWay({ nodes, network, random }: Simulation): void {
  for (const { id: from } of nodes) {
    for (const { id: to } of nodes) if (from !== to && random.chance(0.25)) network.cut(from, to)
  }
}

function heal({ network }: Simulation): void {
  network.heal()
}

/** The weather changes for the worse or the better. */
function storm({ network, random, setup }: Simulation): void {
  const worse = random.chance(0.5)
  network.weather = worse ? { loss: 0.5, duplication: 0.3, minDelay: 0, meanDelay: 50 } : setup.weather
}
