import { afterEach, describe, expect, it } from 'vitest'
import { faultText, linksText } from '../../../renderer/commands/fault-words'
import { linksBetween } from '../../../renderer/commands/faults'
import { i18n } from '../../../renderer/i18n'

afterEach(() => {
  i18n.global.locale.value = 'en'
})
const text = (type: string, detail: object | string) =>
  faultText({ type, detail: typeof detail === 'string' ? detail : JSON.stringify(detail) })
const twenty = linksBetween([[1], [2], [3], [4], [5]])

describe('a fault in one line', () => {
  it('of links: what they do, and which they are', () => {
    const rules = [{ messages: [], action: { type: 'hold' } }]
    expect(text('links', { links: [[1, 2]], rules })).toBe('hold · n1 → n2')
    expect(text('links', { links: twenty, rules })).toBe('hold · all 20 links')
    expect(text('links', { links: twenty, preset: 'hold-all' })).toBe('Hold all messages · all 20 links')
    expect(text('links', { links: [[2, 1]], preset: 'deaf', nodes: [2] })).toBe('Deaf · n2')
    expect(
      linksText([
        [1, 2],
        [2, 1],
      ]),
    ).toBe('n1 ⇄ n2')
    expect(
      linksText([
        [1, 2],
        [1, 3],
        [1, 4],
      ]),
    ).toBe('3 links')
  })
  it('of a clock', () => {
    expect(text('clock', { nodes: [2], mode: 'manual', rate: 1 })).toBe('n2: manual time')
    expect(text('clock', { nodes: [2], mode: 'running', rate: 2 })).toBe('n2: clock × 2')
    expect(text('clock', { nodes: [2], jumpMs: -300 })).toBe('n2: clock stands for 300 ms')
    expect(text('clock', { nodes: [2], fired: true })).toBe('n2: timer fired')
  })
  it('that waits in a node', () => {
    const crash = { type: 'crash-point', point: 'before-send', messages: [], nth: 3 }
    expect(text('crash-point', { nodes: [4], fault: crash })).toBe('n4: crashes before sending, the 3.')
    expect(text('disk-error', { nodes: [4], fault: { type: 'disk-error', code: 'EIO', count: 1 } })).toBe(
      'n4: disk says EIO',
    )
    expect(text('bit-flip', { nodes: [1], file: '000001.log', record: 7, offset: 90, bit: 3 })).toBe(
      'n1: bit flipped in 000001.log, record 7',
    )
  })
  it('as before: killed, cut, partitioned', () => {
    expect(text('kill', { nodes: [3] })).toBe('Killed n3')
    expect(text('block', { links: [[1, 2]] })).toBe('Link cut n1 → n2')
    expect(text('partition', { groups: [[1, 2], [3]] })).toBe('Partition n1 n2 | n3')
  })
  it('of a later version, or with a detail that cannot be read: its type', () => {
    expect(text('gremlins', { nodes: [1] })).toBe('gremlins n1')
    expect(text('links', '{oops')).toBe('Links')
    i18n.global.locale.value = 'zh'
    expect(text('clock', { nodes: [2], mode: 'manual' })).toBe('n2：手动时间')
  })
})
