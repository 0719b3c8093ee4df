/** Breaks things: processes, links, clocks, disks, weather. */
import { isVoter } from '../../main/raft/configuration'
import type { SimNetwork } from './network'
import type { SimNode } from './node'
import type { World } from './world'

export interface Scene extends World {
  readonly nodes: readonly SimNode[]
  readonly network: SimNetwork
}

type Deed = (scene: Scene) => void

const deeds: readonly Deed[] = [
  crash,
  crash,
  crashLeader,
  restart,
  restart,
  restart,
  restart,
  restart,
  freeze,
  freezeLeader,
  split,
  isolateLeader,
  cutOneWay,
  heal,
  heal,
  heal,
  storm,
  leap,
  damage,
  crashAll,
]

/** One deed, drawn by chance. */
export function mischief(scene: Scene): void {
  scene.random.pick(deeds)(scene)
}

function crash(scene: Scene): void {
  const alive = scene.nodes.filter(({ raft }) => raft)
  if (alive.length > 0) kill(scene, scene.random.pick(alive))
}

function crashLeader(scene: Scene): void {
  const leader = leaderOf(scene)
  if (leader) kill(scene, leader)
}

/** All at once, as when a building loses its power. */
function crashAll(scene: Scene): void {
  if (scene.random.chance(0.7)) return
  for (const node of scene.nodes) node.crash()
  for (const node of scene.nodes) if (!node.isDamaged && scene.random.chance(0.8)) node.start()
}

function kill({ nodes, random }: Scene, victim: SimNode): void {
  victim.crash()
  // The others see their connections break, or not.
  for (const node of nodes) if (random.chance(0.5)) node.input({ type: 'unreachable', peer: victim.id })
}

function restart({ nodes, random }: Scene): void {
  const dead = nodes.filter(({ raft, isDamaged }) => !raft && !isDamaged)
  if (dead.length === 0) return
  const risen = random.pick(dead)
  risen.start()
  // Connections to it open, sooner or later, or again.
  for (const node of nodes) if (random.chance(0.5)) node.input({ type: 'reachable', peer: risen.id })
}

function freeze(scene: Scene): void {
  const running = scene.nodes.filter(({ raft, isFrozen }) => raft && !isFrozen)
  if (running.length > 0) freezeFor(scene, scene.random.pick(running))
}

function freezeLeader(scene: Scene): void {
  const leader = leaderOf(scene)
  if (leader && !leader.isFrozen) freezeFor(scene, leader)
}

/** A process that is stopped and goes on later. */
function freezeFor({ random, setup, later }: Scene, node: SimNode): void {
  const { life } = node
  node.freeze()
  later(random.between(0.1, 5) * setup.electionTimeout, () => {
    if (node.life === life) node.thaw()
  })
}

/** Two groups that cannot hear each other. */
function split({ nodes, network, random }: Scene): void {
  network.heal()
  const side = nodes.map(() => random.chance(0.5))
  for (const { id: from } of nodes) {
    for (const { id: to } of nodes) if (side[from - 1] !== side[to - 1]) network.cut(from, to)
  }
}

function isolateLeader(scene: Scene): void {
  const leader = leaderOf(scene)
  if (!leader) return
  scene.network.heal()
  const isOneWay = scene.random.chance(0.3)
  for (const { id } of scene.nodes) {
    if (id === leader.id) continue
    scene.network.cut(id, leader.id)
    if (!isOneWay) scene.network.cut(leader.id, id)
  }
}

/** Some links fail in one direction. */
function cutOneWay({ nodes, network, random }: Scene): void {
  for (const { id: from } of nodes) {
    for (const { id: to } of nodes) if (from !== to && random.chance(0.25)) network.cut(from, to)
  }
}

function heal({ network }: Scene): void {
  network.heal()
}

/** The weather changes for the worse or the better. */
function storm({ network, random, setup }: Scene): void {
  const worse = random.chance(0.5)
  network.weather = worse ? { loss: 0.5, duplication: 0.3, minDelay: 0, meanDelay: 50 } : setup.weather
}

function leap({ nodes, random, setup }: Scene): void {
  if (setup.clocksLeap) random.pick(nodes).leap(random.between(0.1, 3) * setup.electionTimeout)
}

/** At most one disk, and only where every configuration that may still count can do without it. */
function damage({ nodes, random, invariants }: Scene): void {
  if (nodes.some(({ isDamaged }) => isDamaged) || random.chance(0.5)) return
  const isSpare = (victim: SimNode) =>
    nodes.every(({ log: { configuration } }) => {
      const isSmall = configuration.voters.length < 3 || configuration.outgoing.length > 0
      return !isSmall || !isVoter(configuration, victim.id)
    }) &&
    // Somebody else who may lead has everything.
    nodes.some(({ id, log, disk: { image }, wasWitness }) => {
      const hasAll = image.log.lastIndex >= invariants.committed.lastIndex
      return id !== victim.id && !wasWitness && hasAll && isVoter(log.configuration, id)
    })
  const dead = nodes.filter((node) => !node.raft && isSpare(node))
  if (dead.length > 0) random.pick(dead).damage()
}

function leaderOf({ nodes }: Scene): SimNode | undefined {
  return nodes.find(({ status }) => status?.role === 'leader')
}
