import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Agenda } from '../../../main/node/conditioning/agenda'

test('the earliest first, those of one time in the order in which they were put, and nothing before its time', () => {
  const deed = fc.oneof(fc.record({ put: fc.nat({ max: 20 }) }), fc.record({ pass: fc.nat({ max: 8 }) }))
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 100 }), (deeds) => {
      const agenda = new Agenda()
      let now = 0
      let waiting: { due: number; order: number }[] = []
      let done: typeof waiting = []
      deeds.forEach((one, order) => {
        if ('put' in one) {
          const item = { due: now + one.put, order }
          waiting.push(item)
          agenda.put(item.due, () => done.push(item))
        } else {
          now += one.pass
          done = []
          agenda.run(now)
          const due = waiting.filter((item) => item.due <= now)
          expect(done).toEqual(due.sort((a, b) => a.due - b.due || a.order - b.order))
          waiting = waiting.filter((item) => item.due > now)
        }
        expect(agenda.next).toBe(Math.min(Number.POSITIVE_INFINITY, ...waiting.map(({ due }) => due)))
      })
    }),
    { numRuns: 500 },
  )
})

test('what is put for now while it runs is done as well', () => {
  const agenda = new Agenda()
  const done: string[] = []
  agenda.put(1, (now) => {
    done.push('first')
    agenda.put(now, () => done.push('second'))
    agenda.put(now + 1, () => done.push('later'))
  })
  agenda.run(5)
  expect(done).toEqual(['first', 'second'])
  agenda.run(6)
  expect(done).toEqual(['first', 'second', 'later'])
})
