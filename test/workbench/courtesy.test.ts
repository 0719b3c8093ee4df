import { expect, test } from 'vitest'
import { Courtesy } from '../../main/workbench/courtesy'

const never = new AbortController().signal

test('gives way while somebody waits, and a little longer', async () => {
  const courtesy = new Courtesy()
  const { promise, resolve } = Promise.withResolvers<string>()
  const served = courtesy.serve(() => promise)
  let passed = false
  const waiting = courtesy.giveWay(60_000, never).then(() => {
    passed = true
  })
  await new Promise((done) => setTimeout(done, 30))
  expect(passed).toBe(false)
  resolve('answer')
  expect(await served).toBe('answer')
  expect(passed).toBe(false)
  await waiting
})

test('nobody waits: at once; somebody who waits for ever: not for ever', async () => {
  const courtesy = new Courtesy()
  await courtesy.giveWay(60_000, never)
  void courtesy.serve(() => new Promise(() => undefined))
  await courtesy.giveWay(20, never)
})

test('a question that fails is answered, and giving way ends with its signal', async () => {
  const courtesy = new Courtesy()
  await expect(courtesy.serve(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await courtesy.giveWay(60_000, never)
  void courtesy.serve(() => new Promise(() => undefined))
  await expect(courtesy.giveWay(60_000, AbortSignal.timeout(20))).rejects.toThrow()
})

test('says when the first begins to wait, and when the last was answered', async () => {
  const said: boolean[] = []
  const courtesy = new Courtesy((isAsked) => said.push(isAsked))
  const { promise, resolve } = Promise.withResolvers<void>()
  const both = [courtesy.serve(() => promise), courtesy.serve(() => promise)]
  expect([said, courtesy.isAsked]).toEqual([[true], true])
  resolve()
  await Promise.all(both)
  expect([said, courtesy.isAsked]).toEqual([[true, false], false])
})
