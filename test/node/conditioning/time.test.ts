/** The time of links, in which the cluster never stopped. */
import { expect, test } from 'vitest'
import { LinksTime } from '../../../main/node/conditioning/time'

test("is the machine's without the stops, and stands within each", () => {
  const time = new LinksTime()
  expect(time.at(7)).toBe(7)
  time.stopped(100, 150)
  time.stopped(10, 200)
  expect([40, 50, 100, 149, 150, 180, 190, 195, 200, 300].map((machine) => time.at(machine))).toEqual([
    40, 50, 50, 50, 50, 80, 90, 90, 90, 190,
  ])
})
