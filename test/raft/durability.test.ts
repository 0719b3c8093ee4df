import { describe, expect, test } from 'vitest'
import { InvariantViolation } from '../../main/raft'
import { Durability } from '../../main/raft/durability'

describe('what is on disk', () => {
  test('what was restored is', () => {
    const disk = new Durability(7)
    expect([disk.durableIndex, disk.awaited]).toEqual([7, 0])
  })

  test('a write is, from its acknowledgement on', () => {
    const disk = new Durability(0)
    const first = disk.issue(3)
    const second = disk.issue(5)
    expect([disk.durableIndex, disk.awaited, disk.isPersisted(first)]).toEqual([0, second, false])
    disk.persisted(first)
    expect([disk.durableIndex, disk.awaited, disk.isPersisted(first)]).toEqual([3, second, true])
    disk.persisted(second)
    expect([disk.durableIndex, disk.awaited]).toEqual([5, 0])
  })

  test('one acknowledgement stands for all writes before it, and may come again', () => {
    const disk = new Durability(0)
    disk.issue(3)
    const second = disk.issue(5)
    disk.persisted(second)
    disk.persisted(1)
    disk.persisted(second)
    expect(disk.durableIndex).toBe(5)
  })

  test('a write without entries adds none', () => {
    const disk = new Durability(4)
    disk.persisted(disk.issue(0))
    expect(disk.durableIndex).toBe(4)
  })

  test('a write that was never asked for cannot be', () => {
    expect(() => new Durability(0).persisted(1)).toThrow(InvariantViolation)
  })

  test('a truncation takes back what was durable', () => {
    const disk = new Durability(9)
    disk.truncate(6)
    expect(disk.durableIndex).toBe(5)
  })

  test('a late acknowledgement does not make replaced entries durable (ABA)', () => {
    const disk = new Durability(2)
    const old = disk.issue(6)
    disk.truncate(4)
    const fresh = disk.issue(6)
    disk.persisted(old)
    expect(disk.durableIndex).toBe(3)
    disk.persisted(fresh)
    expect(disk.durableIndex).toBe(6)
  })
})
