/** The runner against a cluster that only writes down what is asked of it. */
import { expect, test } from 'vitest'
import { causeNow } from '../../../main/cluster/nemesis/cause'
import type { NemesisGround, NemesisTools } from '../../../main/cluster/nemesis/ground'
import { runNemesis } from '../../../main/cluster/nemesis/run'
import { makeSchedule } from '../../../main/cluster/nemesis/schedule'
import { type NemesisPlanInput, nemesisPlanSchema } from '../../../main/cluster/nemesis/types'
import type { EventKind, FieldsOf } from '../../../main/node/contract/events'
import { Problem } from '../../../main/node/contract/problem'

type Standing = ReturnType<NemesisTools['standing']>

class FakeGround {
  readonly calls: string[] = []
  readonly told: FieldsOf<'nemesis'>[] = []
  readonly faults = new Map<number, { readonly nemesis: number; readonly step: number; readonly end: () => void }>()
  readonly standings = new Map<number, Standing>()
  readonly closing = new AbortController()
  lead = 1
  stopped: object | undefined
  healed = 0
  /** No node becomes a voter while it does not run. */
  onlyLivingVote = false
  /** Nodes that healing everything starts. */
  readonly revives = new Set<number>()
  #count = 0

  constructor(nodes: number) {
    for (let node = 1; node <= nodes; node++) this.standings.set(node, 'running')
  }

  ground(): NemesisGround {
    const { calls, standings } = this
    const begin = (what: string, end: () => void): number => {
      calls.push(what)
      const cause = causeNow()
      if (cause === undefined) throw new Error(`${what} has no cause`)
      this.faults.set(++this.#count, { ...cause, end })
      return this.#count
    }
    const down = (what: string, as: Standing) => async (node: number) => {
      const state = standings.get(node) ?? 'removed'
      if (state !== 'running') throw new Problem('node-state', { node: String(node), state, wanted: 'running' })
      begin(`${what} ${node}`, () => standings.set(node, 'running'))
      standings.set(node, as)
    }
    const nothing = async (): Promise<never> => {
      throw new Problem('no-leader', { millis: 0 })
    }
    const fake = this
    const cluster: NemesisTools = {
      get nodeIds() {
        return [...standings.keys()]
      },
      get stopped() {
        return fake.stopped as NemesisTools['stopped']
      },
      standing: (node) => standings.get(node) ?? 'removed',
      dataDir: (node) => `/nowhere/n${node}`,
      kill: down('kill', 'killed'),
      stop: down('stop', 'stopped'),
      pause: down('pause', 'paused'),
      async start(node) {
        calls.push(`start ${node}`)
        standings.set(node, 'running')
      },
      arm: (node, fault) => begin(`arm ${node} ${fault.type}`, () => undefined),
      partition: (groups) =>
        void begin(`partition ${groups.map((group) => group.join('')).join('|')}`, () => undefined),
      preset: (preset, at) => begin(`${preset} ${at}`, () => undefined),
      condition: (links) => begin(`condition ${links.length}`, () => undefined),
      setClock: (node, { rate }) => {
        if (rate === 1) calls.push(`clock ${node} true`)
        else begin(`clock ${node} ${rate}`, () => undefined)
      },
      async jumpClock(node) {
        calls.push(`jump ${node}`)
      },
      async fire(node) {
        calls.push(`fire ${node}`)
      },
      endFault: async (id) => {
        const fault = this.faults.get(id)
        if (fault === undefined) throw new Problem('fault-unknown', { id })
        this.faults.delete(id)
        fault.end()
      },
      flipBit: nothing,
      transferLeadership: nothing,
      async changeMembership([change]) {
        calls.push(`${change?.node} ${change?.role}`)
        const state = standings.get(change?.node ?? 0) ?? 'removed'
        if (fake.onlyLivingVote && change?.role === 'voter' && state !== 'running') {
          throw new Problem('node-state', { node: String(change.node), state, wanted: 'running' })
        }
        return 1
      },
      async rebuild(node) {
        calls.push(`rebuild ${node}`)
      },
    }
    return {
      cluster,
      reporter: {
        report: <K extends EventKind>(kind: K, fields: FieldsOf<K>) => {
          if (kind === 'nemesis') this.told.push(fields as unknown as FieldsOf<'nemesis'>)
        },
      },
      leader: () => this.lead,
      roleOf: () => 'voter',
      faultsOf: ({ nemesis, step }) =>
        [...this.faults].filter(([, fault]) => fault.nemesis === nemesis && fault.step === step).map(([id]) => id),
      heal: async () => {
        this.healed++
        for (const node of this.revives) standings.set(node, 'running')
        return []
      },
      closing: this.closing.signal,
    }
  }
}

const plan = (packages: NemesisPlanInput['packages'], more: Partial<NemesisPlanInput> = {}) =>
  nemesisPlanSchema.parse({ seed: 7, durationMs: 600, quietMs: 50, packages, ...more })

const busy = { perMinute: 600, lasting: { minMs: 20, maxMs: 120 } }

test('whatever is begun is ended: afterwards no fault is left, and every node runs', async () => {
  const fake = new FakeGround(5)
  const run = runNemesis(1, plan({ process: busy, partition: busy, link: busy, clock: busy }), fake.ground())
  const { outcome, taken, skipped } = await run.ended
  expect(outcome).toBe('done')
  expect(taken + Object.values(skipped).reduce((sum, count) => sum + count, 0)).toBe(run.schedule.steps.length)
  expect(taken).toBeGreaterThan(10)
  expect([...fake.faults]).toEqual([])
  expect(new Set(fake.standings.values())).toEqual(new Set(['running']))
  expect(fake.healed).toBe(1)
})

test('it tells its plan, each step, and its end', async () => {
  const fake = new FakeGround(3)
  const run = runNemesis(4, plan({ clock: busy, membership: busy }), fake.ground())
  await run.ended
  const [begin, ...others] = fake.told
  const end = others.pop()
  expect(begin).toMatchObject({ action: 'begin', id: 4, step: 0 })
  expect(JSON.parse(begin?.detail ?? '')).toEqual({ plan: run.schedule.plan, nodes: [1, 2, 3] })
  expect(others.map(({ step }) => step).sort((a, b) => a - b)).toEqual(run.schedule.steps.map(({ number }) => number))
  // Nobody can hand over leadership here.
  const refused = others.filter(({ problem }) => problem === 'no-leader')
  expect(refused.length).toBeGreaterThan(0)
  expect(JSON.parse(end?.detail ?? '')).toMatchObject({ outcome: 'done', skipped: { 'no-leader': refused.length } })
})

test('its target is whoever leads then; without a leader the step is left out', async () => {
  const seeds = Array.from({ length: 30 }, (_, seed) => plan({ process: { ...busy, perMinute: 120 } }, { seed }))
  const isLeader = (input: (typeof seeds)[number]) => {
    const fake = new FakeGround(3)
    const run = runNemesis(1, input, fake.ground())
    void run.stop()
    return run.schedule.steps.some((step) => 'deed' in step && 'node' in step.deed && step.deed.node === 'leader')
  }
  const chosen = seeds.find(isLeader)
  expect(chosen).toBeDefined()
  const fake = new FakeGround(3)
  fake.lead = 0
  const { skipped } = await runNemesis(1, chosen ?? plan({}), fake.ground()).ended
  expect(skipped['no-leader']).toBeGreaterThan(0)
})

test('a node that is down for another reason counts: no majority is taken away', async () => {
  const fake = new FakeGround(3)
  fake.standings.set(2, 'crashed')
  const { skipped } = await runNemesis(1, plan({ process: busy }), fake.ground()).ended
  expect(skipped['schedule-lethal']).toBeGreaterThan(0)
  expect(fake.calls.filter((call) => /^(kill|stop|pause) [13]/.test(call))).toEqual([])
})

test('stopped by hand it heals at once', async () => {
  const fake = new FakeGround(5)
  const long = plan({ process: busy }, { durationMs: 600_000, quietMs: 600_000 })
  const run = runNemesis(1, long, fake.ground())
  await new Promise((resolve) => setTimeout(resolve, 300))
  const began = performance.now()
  await run.stop()
  // Not when its ten minutes are over, nor those of quiet after them.
  expect(performance.now() - began).toBeLessThan(60_000)
  expect((await run.ended).outcome).toBe('stopped')
  expect([...fake.faults]).toEqual([])
  expect(new Set(fake.standings.values())).toEqual(new Set(['running']))
})

test('what cannot be ended yet keeps nothing from being healed: a node that is down is to be a voter again', async () => {
  const fake = new FakeGround(3)
  fake.onlyLivingVote = true
  const membership = { perMinute: 600, lasting: { minMs: 600_000, maxMs: 600_000 } }
  const long = Array.from({ length: 100 }, (_, seed) => plan({ membership }, { seed, durationMs: 600_000, quietMs: 0 }))
  const demoting = long.find((one) => {
    const [first] = makeSchedule(one, [1, 2, 3]).steps
    return first?.action === 'begin' && first.deed.type === 'demote'
  })
  const run = runNemesis(1, demoting!, fake.ground())
  const learner = await new Promise<number>((resolve) => {
    const looking = setInterval(() => {
      const [node] = fake.calls.filter((call) => call.endsWith(' learner'))
      if (node === undefined) return
      clearInterval(looking)
      resolve(Number.parseInt(node, 10))
    }, 5)
  })
  // It goes down for a reason of which no fault is left, so no end of a step brings it back: only healing everything does.
  fake.standings.set(learner, 'killed')
  fake.revives.add(learner)
  const began = performance.now()
  await run.stop()
  const { outcome, skipped } = await run.ended
  expect(outcome).toBe('stopped')
  expect(skipped['node-state']).toBeUndefined()
  expect(fake.standings.get(learner)).toBe('running')
  // It was tried in vain, and then not any more.
  expect(fake.calls.filter((call) => call === `${learner} voter`).length).toBeGreaterThan(1)
  expect(fake.calls.findLast((call) => call.startsWith(`${learner} `))).toBe(`${learner} voter`)
  expect(performance.now() - began).toBeLessThan(15_000)
})

test('when the cluster closes it does nothing more', async () => {
  const fake = new FakeGround(5)
  const run = runNemesis(1, plan({ process: busy }, { durationMs: 600_000 }), fake.ground())
  await new Promise((resolve) => setTimeout(resolve, 200))
  fake.closing.abort()
  const { outcome } = await run.ended
  const calls = fake.calls.length
  expect(outcome).toBe('stopped')
  expect(fake.healed).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(fake.calls.length).toBe(calls)
})

test('while the whole cluster is stopped its time stands', async () => {
  const fake = new FakeGround(3)
  fake.stopped = {}
  const began = performance.now()
  const run = runNemesis(1, plan({ clock: busy }, { durationMs: 200, quietMs: 0 }), fake.ground())
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(fake.calls).toEqual([])
  fake.stopped = undefined
  await run.ended
  expect(performance.now() - began).toBeGreaterThan(580)
})
