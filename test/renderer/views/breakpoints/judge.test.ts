import { describe, expect, it } from 'vitest'
import { i18n } from '../../../../renderer/i18n'
import { accepted, offerAt } from '../../../../renderer/views/breakpoints/completion'
import { judge } from '../../../../renderer/views/breakpoints/judge'

const t = (key: string, named?: Record<string, unknown>) => i18n.global.t(key, named ?? {})
const nodes = [1, 2, 3]
const of = (text: string, cursor = -1) => judge(t, text, cursor, nodes)

describe('a breakpoint that is written', () => {
  it('is told what it means: what becomes true, or each event', () => {
    expect(of('role = leader and term >= 3')).toEqual({
      type: 'fine',
      meaning: 'In every node: when it becomes true.',
    })
    expect(of('n2, n3: truncated or commitIndex >= 10')).toEqual({
      type: 'fine',
      meaning: 'In n2, n3: at each truncated, or when it becomes true.',
    })
    expect(of('vote refused')).toEqual({ type: 'fine', meaning: 'In every node: at each remark.' })
  })
  it('is told what is wrong, where, and what could stand there', () => {
    expect(of('role = lead')).toMatchObject({ type: 'wrong', from: 7, to: 11, unfinished: false })
    const judgement = of('role = lead')
    if (judgement.type !== 'wrong') throw new Error('it is wrong')
    expect(judgement.sentence).toBe('character 8: “lead” is no value of it.')
    expect(judgement.instead).toContain('leader')
  })
  it('is unfinished, not wrong, while the cursor is where something is missing', () => {
    expect(of('term >=', 7)).toMatchObject({ type: 'wrong', unfinished: true, from: 7, to: 7 })
    expect(of('term >=')).toMatchObject({ unfinished: false })
    expect(of('tarm >= 3', 9)).toMatchObject({ unfinished: false, from: 0, to: 4 })
  })
  it('names a node that there is not at its place', () => {
    const judgement = of('n1, n9: truncated')
    expect(judgement).toMatchObject({ type: 'wrong', from: 4, to: 6, instead: ['n1', 'n2', 'n3'] })
    expect(judgement.type === 'wrong' && judgement.sentence).toBe('There is no node n9. There are: n1, n2, n3.')
  })
  it('is nothing yet while it is empty', () => {
    expect(of('  ')).toEqual({ type: 'empty' })
  })
})

describe('what is offered', () => {
  const texts = (text: string, asked = false) =>
    offerAt(text, text.length, nodes, asked)?.items.map((item) => item.text)

  it('begins with what begins so, and the first is taken by Enter', () => {
    const offer = offerAt('ro', 2, nodes, false)
    expect(offer?.items[0]?.text).toBe('role')
    expect(offer?.first).toBe(0)
  })
  it('is nothing before anything was typed, unless it is asked for', () => {
    expect(offerAt('', 0, nodes, false)).toBeNull()
    expect(texts('', true)).toContain('role')
  })
  it('after a blank may go on, but Enter sets the breakpoint', () => {
    const offer = offerAt('role = leader ', 14, nodes, false)
    expect(offer?.items.map((item) => item.text)).toEqual(expect.arrayContaining(['and', 'or']))
    expect(offer?.first).toBe(-1)
  })
  it('is nothing where the word stands whole', () => {
    expect(offerAt('role = leader', 13, nodes, false)).toBeNull()
  })
  it('takes the place of the word at the cursor and leaves the rest', () => {
    const text = 'ro and term >= 3'
    const offer = offerAt(text, 2, nodes, false)
    if (offer?.items[0] === undefined) throw new Error('role is offered')
    expect(accepted(text, offer, offer.items[0])).toEqual({ text: 'role and term >= 3', cursor: 4 })
    const end = offerAt('ter', 3, nodes, false)
    if (end?.items[0] === undefined) throw new Error('term is offered')
    expect(accepted('ter', end, end.items[0])).toEqual({ text: 'term ', cursor: 5 })
  })
})
