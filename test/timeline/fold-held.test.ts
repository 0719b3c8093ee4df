/** Held messages in the fold: where each stands, what it is a copy of, and when it is gone. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteWriter } from '../../main/node/contract/bytes'
import type { EventKind, FieldsOf, TimelineEvent } from '../../main/node/contract/events'
import { writeMessage } from '../../main/node/contract/frames/messages'
import { type MutableCluster, newCluster } from '../../main/timeline/fold/cluster'
import { fold } from '../../main/timeline/fold/fold'

class Trace {
  readonly state: MutableCluster = newCluster('c', 'demo')

  add<K extends EventKind>(node: number, kind: K, fields: FieldsOf<K>): this {
    const { seq } = this.state
    fold(this.state, { kind, node, n: seq + 1, t: seq * 10, seq, ...fields } as unknown as TimelineEvent)
    return this
  }

  hold(peer: number, id: number, place: number, sentAs = id): this {
    return this.add(1, 'held', { peer, id, message: 'TimeoutNow', term: 2, place, bytes: frame(peer, sentAs) })
  }

  release(peer: number, id: number): this {
    return this.add(1, 'released', { peer, id, message: 'TimeoutNow', how: 'delivered', bytes: new Uint8Array(0) })
  }

  get held(): string[] {
    return this.state.nodes.get(1)?.held.map(({ peer, id }) => `${peer}:${id}`) ?? []
  }
}

function frame(peer: number, id: number): Uint8Array {
  const out = new ByteWriter()
  writeMessage(out, { type: 'message', id, inReplyTo: 0, message: { type: 'TimeoutNow', from: peer, to: 1, term: 2 } })
  return out.finish()
}

const ENDED = { subject: 1, pid: 0, incarnation: 0, exitCode: 0, signal: '' } as const

describe('messages that a node holds', () => {
  it('stand link after link, each link in its order', () => {
    const trace = new Trace().hold(3, 31, 0).hold(2, 21, 0).hold(3, 32, 1).hold(2, 22, 1).hold(3, 33, 0)
    expect(trace.held).toEqual(['2:21', '2:22', '3:33', '3:31', '3:32'])
    expect(trace.state.nodes.get(1)?.held[0]).toEqual({
      peer: 2,
      id: 21,
      copyOf: 0,
      message: 'TimeoutNow',
      term: 2,
      since: 10,
      bytes: frame(2, 21),
    })
  })

  it('go when they are released; the same id of another sender stays', () => {
    const trace = new Trace().hold(2, 7, 0).hold(3, 7, 0).hold(2, 8, 1)
    expect(trace.release(3, 7).held).toEqual(['2:7', '2:8'])
    expect(trace.release(3, 7).release(2, 9).held).toEqual(['2:7', '2:8'])
    expect(trace.release(2, 7).held).toEqual(['2:8'])
  })

  it('are moved to a place counted without themselves; beyond the end is the end', () => {
    const trace = new Trace().hold(2, 1, 0).hold(2, 2, 1).hold(2, 3, 2).hold(3, 4, 0)
    const move = (id: number, place: number) => trace.add(1, 'moved', { peer: 2, id, place }).held.slice(0, 3)
    expect(move(1, 1)).toEqual(['2:2', '2:1', '2:3'])
    expect(move(3, 0)).toEqual(['2:3', '2:2', '2:1'])
    expect(move(3, 99)).toEqual(['2:2', '2:1', '2:3'])
    expect(trace.held.at(-1)).toBe('3:4')
  })

  it('know what they are copies of by their own bytes, whatever was shed', () => {
    const trace = new Trace().hold(2, 5, 0)
    trace.add(1, 'copied', { peer: 2, id: 5, copy: -1, message: 'TimeoutNow', by: 'hand' }).hold(2, -1, 1, 5)
    trace.hold(2, -2, 2, 5)
    expect(trace.state.nodes.get(1)?.held.map(({ id, copyOf }) => [id, copyOf])).toEqual([
      [5, 0],
      [-1, 5],
      [-2, 5],
    ])
    trace.add(1, 'held', { peer: 3, id: -3, message: 'TimeoutNow', term: 1, place: 0, bytes: Uint8Array.of(1) })
    expect(trace.state.nodes.get(1)?.held.at(-1)?.copyOf).toBe(0)
  })

  it.each(['killed', 'stopped', 'crashed', 'removed', 'spawned'] as const)(
    'are void when its process is %s',
    (state) => {
      const trace = new Trace().hold(2, 1, 0).hold(3, 1, 0)
      expect(trace.add(0, 'process', { ...ENDED, state }).held).toEqual([])
    },
  )

  it('stay while it is paused', () => {
    const trace = new Trace().hold(2, 1, 0)
    expect(trace.add(0, 'process', { ...ENDED, state: 'paused' }).held).toEqual(['2:1'])
  })

  it('are as a list per link says, whatever happens to them', () => {
    const act = fc.record({
      what: fc.constantFrom('hold', 'hold', 'release', 'move'),
      peer: fc.integer({ min: 2, max: 4 }),
      pick: fc.nat(9),
      place: fc.nat(6),
    })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const trace = new Trace()
        const model = new Map<number, number[]>([2, 3, 4].map((peer) => [peer, []]))
        let next = 0
        for (const { what, peer, pick, place } of acts) {
          const link = model.get(peer)!
          if (what === 'hold') {
            const id = ++next
            const at = Math.min(place, link.length)
            link.splice(at, 0, id)
            trace.hold(peer, id, at)
            continue
          }
          const [id] = link.length === 0 ? [0] : link.splice(pick % link.length, 1)
          if (what === 'release') trace.release(peer, id!)
          else {
            if (id !== 0) link.splice(place, 0, id!)
            trace.add(1, 'moved', { peer, id: id!, place })
          }
        }
        expect(trace.held).toEqual([...model].flatMap(([peer, ids]) => ids.map((id) => `${peer}:${id}`)))
      }),
      { numRuns: 300 },
    )
  })
})
