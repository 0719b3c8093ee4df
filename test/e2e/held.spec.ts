/**
 * One message at a time, on real processes. Without PreVote and CheckQuorum, as the paper tells it: every election is one
 * round, and a leader that hears nobody stays one.
 */
import { expect, test } from './shell'
import { Steps } from './step'
import type { Agreed, Window } from './window'

const all = [1, 2, 3, 4, 5]

/** A running cluster of five with one committed value, then step mode. Answers the leader, its term and the others. */
async function prepared(window: Window) {
  await window.createSteady('preVote', 'checkQuorum')
  await window.leader(all)
  await window.openClientTab()
  // The client's session is open from here on: each further put is one entry.
  await window.put('before', 'x')
  const steps = new Steps(window)
  let agreed: Agreed | undefined
  while (agreed === undefined) {
    await window.settled(all, 3)
    await steps.begin(all)
    // Somebody may have stood for election before the clocks did; from here on nobody does.
    agreed = await window.agreement(all)
    if (agreed === undefined) await steps.end(all)
  }
  const { node: leader, term, last } = agreed
  const [a = 0, b = 0, c = 0, d = 0] = all.filter((id) => id !== leader)
  return { steps, leader, term, last, others: [a, b, c, d] as const }
}

/** A put that this node alone is asked for; nobody waits for its answer. */
async function propose(window: Window, key: string, via: number): Promise<void> {
  await window.openClientTab()
  await window.chooseVia(via)
  await window.send(key, `of n${via}`)
}

test('an election, step by step', async ({ shell }) => {
  test.setTimeout(180_000)
  const { window } = shell
  const { steps, leader, term, last, others } = await prepared(window)
  const [candidate, first, second, third] = others
  const next = String(term + 1)

  // Nothing happens by itself: no heartbeat, no timeout.
  await window.page.waitForTimeout(1_200)
  expect(await steps.count()).toBe(0)
  expect(await window.data(leader)).toMatchObject({ role: 'leader', term })

  await steps.fire(candidate)
  await expect(window.node(candidate)).toHaveAttribute('data-role', 'candidate')
  await expect(window.node(candidate)).toHaveAttribute('data-term', next)
  for (const id of [leader, first, second, third]) await expect(steps.held('RequestVote', candidate, id)).toBeVisible()
  await expect(window.page.getByTestId('held-glyph')).toHaveCount(4)
  expect((await window.data(first)).term).toBe(term)

  await steps.release('RequestVote', candidate, first)
  await expect(window.node(first)).toHaveAttribute('data-term', next)
  await expect(steps.held('RequestVoteReply', first, candidate)).toContainText('voteGranted ✓')
  // Granted, but nobody has heard of it: its own vote is all that it has.
  await steps.release('RequestVoteReply', first, candidate)
  await steps.release('RequestVote', candidate, second)
  await expect(steps.held('RequestVoteReply', second, candidate)).toBeVisible()
  expect((await window.data(candidate)).role).toBe('candidate')
  await steps.release('RequestVoteReply', second, candidate)
  await expect(window.node(candidate)).toHaveAttribute('data-role', 'leader')

  // Two lead, each in its own term, until the old one hears of the new term.
  expect((await window.data(leader)).role).toBe('leader')
  await steps.release('RequestVote', candidate, leader)
  await expect(window.node(leader)).toHaveAttribute('data-role', 'follower')

  // The round of its no-op: committed when the second of the others has answered, not before.
  await steps.exchange('AppendEntries', candidate, first)
  await expect(window.node(first)).toHaveAttribute('data-last', String(last + 1))
  expect((await window.data(candidate)).commit).toBe(last)
  await steps.exchange('AppendEntries', candidate, second)
  await expect(window.node(candidate)).toHaveAttribute('data-commit', String(last + 1))

  await steps.end(all)
  await window.converged(all, last + 1)
})

test('competing candidates: the second stands before the first has all replies', { tag: '@electron-only' }, async ({
  shell,
}) => {
  test.setTimeout(180_000)
  const { window } = shell
  const { steps, term, others } = await prepared(window)
  const [one, two, three, four] = others
  const next = String(term + 1)

  await steps.fire(one)
  await steps.release('RequestVote', one, three)
  await expect(steps.held('RequestVoteReply', three, one)).toContainText('voteGranted ✓')

  // The second has not heard of the first: it stands in the same term and votes for itself.
  await steps.fire(two)
  await expect(window.node(two)).toHaveAttribute('data-role', 'candidate')
  for (const id of [one, two]) await expect(window.node(id)).toHaveAttribute('data-term', next)

  // One vote per server and term (§5.2): each refuses the other, and the third has given its own.
  await steps.release('RequestVote', two, one)
  await expect(steps.held('RequestVoteReply', one, two)).toContainText('voteGranted ✗')
  await steps.release('RequestVote', one, two)
  await expect(steps.held('RequestVoteReply', two, one)).toContainText('voteGranted ✗')
  await steps.release('RequestVote', two, three)
  await expect(steps.held('RequestVoteReply', three, two)).toContainText('voteGranted ✗')

  // Whose request comes first to the fourth decides.
  await steps.release('RequestVote', one, four)
  await steps.release('RequestVote', two, four)
  await expect(steps.held('RequestVoteReply', four, one)).toContainText('voteGranted ✓')
  await expect(steps.held('RequestVoteReply', four, two)).toContainText('voteGranted ✗')
  for (const id of [one, three, four]) await steps.release('RequestVoteReply', id, two)
  expect((await window.data(two)).role).toBe('candidate')
  for (const id of [two, three, four]) await steps.release('RequestVoteReply', id, one)
  await expect(window.node(one)).toHaveAttribute('data-role', 'leader')

  // The loser learns it from the winner's first AppendEntries, and stays in the term.
  await steps.release('AppendEntries', one, two)
  await expect(window.node(two)).toHaveAttribute('data-role', 'follower')
  expect((await window.data(two)).term).toBe(term + 1)
  await steps.end(all)
  expect(await window.leader(all, term)).toBeGreaterThan(0)
})

test('Figure 8: an entry of an older term on a majority is not committed, and can still be replaced', {
  tag: '@browser-only',
}, async ({ shell }) => {
  test.setTimeout(240_000)
  const { window } = shell
  const { steps, leader: s1, term, last, others } = await prepared(window)
  const [s2, s3, s4, s5] = others
  const data = (id: number) => window.data(id)
  const kill = async (id: number) => {
    await window.command(`Kill n${id}`)
    await expect(window.node(id)).toHaveAttribute('data-standing', 'killed')
  }
  const start = async (id: number) => {
    await window.command(`Start n${id} from its disk`)
    await expect(window.node(id)).toHaveAttribute('data-standing', 'running')
    await expect(window.node(id)).toHaveAttribute('data-clock', 'manual')
  }

  // (a) S1 leads and has the entry on S2 only.
  await propose(window, 'lost', s1)
  await steps.release('AppendEntries', s1, s2)
  await expect(window.node(s2)).toHaveAttribute('data-last', String(last + 1))
  // It must not come when what waits was dropped: it would be taken for the answer of the next term.
  await expect(steps.held('AppendEntriesReply', s2, s1)).toBeVisible()
  await kill(s1)
  await steps.dropAll()

  // (b) S5 leads the next term by the votes of S3, S4 and itself; its own entry stands on its disk only.
  await steps.fire(s5)
  await steps.exchange('RequestVote', s5, s3)
  await steps.exchange('RequestVote', s5, s4)
  await expect(window.node(s5)).toHaveAttribute('data-role', 'leader')
  await expect(window.node(s5)).toHaveAttribute('data-last', String(last + 1))
  await kill(s5)
  await steps.dropAll()

  // (c) S1 comes back. Its first term has given its votes away; in the next, S2 and S3 vote for it.
  await start(s1)
  await steps.stands(s1, [s2, s3, s4])
  await expect(window.node(s1)).toHaveAttribute('data-term', String(term + 1))
  await steps.dropAll()
  await steps.stands(s1, [s2, s3, s4])
  await expect(window.node(s1)).toHaveAttribute('data-term', String(term + 2))
  await steps.exchange('RequestVote', s1, s2)
  await steps.exchange('RequestVote', s1, s3)
  await expect(window.node(s1)).toHaveAttribute('data-role', 'leader')
  // S2 confirms the old entry without getting the new one.
  await steps.keepEntries(steps.held('AppendEntries', s1, s2), 0)
  await steps.release('AppendEntriesReply', s2, s1)
  // S3 lacks the old entry, says so, and gets it; again without the new one.
  await steps.exchange('AppendEntries', s1, s3)
  await steps.keepEntries(steps.held('AppendEntries', s1, s3), 1)
  await expect(window.node(s3)).toHaveAttribute('data-last', String(last + 1))
  await steps.release('AppendEntriesReply', s3, s1)
  // On three disks of five, and the leader knows it: who counts copies of an older term would say "committed" here.
  for (const id of [s1, s2, s3]) {
    await expect(window.row(id).locator(`[data-index="${last + 1}"]`)).toHaveAttribute('data-term', String(term))
  }
  await window.page.waitForTimeout(1_000)
  // (S1 has forgotten what it knew as committed when it died.)
  for (const id of [s1, s2, s3, s4]) expect((await data(id)).commit).toBeLessThanOrEqual(last)

  // (d) S1 dies; S5 is elected, because its last entry is of a newer term, and replaces the entry.
  await kill(s1)
  await start(s5)
  await steps.stands(s5, [s2, s3, s4])
  await expect(window.node(s5)).toHaveAttribute('data-term', String(term + 2))
  await steps.dropAll()
  await steps.stands(s5, [s2, s3, s4])
  await expect(window.node(s5)).toHaveAttribute('data-term', String(term + 3))
  await steps.exchange('RequestVote', s5, s2)
  await steps.exchange('RequestVote', s5, s3)
  await expect(window.node(s5)).toHaveAttribute('data-role', 'leader')
  for (const id of [s2, s3]) {
    // Refused once for the conflict, then replaced.
    await steps.exchange('AppendEntries', s5, id)
    await steps.exchange('AppendEntries', s5, id)
    await expect(window.row(id).locator(`[data-index="${last + 1}"]`)).toHaveAttribute('data-term', String(term + 1))
  }
  await expect(window.node(s5)).toHaveAttribute('data-commit', String(last + 2))

  await steps.end(all)
  await window.converged(all, last + 2)
})

test('a doubled and reordered AppendEntries changes nothing', { tag: '@electron-only' }, async ({ shell }) => {
  test.setTimeout(180_000)
  const { window } = shell
  const { steps, leader, term, last, others } = await prepared(window)
  const [follower] = others
  const rows = window.page.locator(`tr[data-from="${leader}"][data-to="${follower}"]`)
  const ids = () => rows.evaluateAll((found) => found.map((row) => Number((row as HTMLElement).dataset.id)))

  await propose(window, 'first', leader)
  await expect(rows).toHaveCount(1)
  await propose(window, 'second', leader)
  await expect(rows).toHaveCount(2)

  // Each twice; then the copies stand behind both, the second one's before the first one's.
  await rows.nth(0).getByTestId('held-duplicate').click()
  await expect(rows).toHaveCount(3)
  await rows.nth(2).getByTestId('held-duplicate').click()
  await expect(rows).toHaveCount(4)
  await steps.moveDown(rows.nth(1))
  await steps.moveDown(rows.nth(2))
  const [one = 0, two = 0, copyOfTwo = 0, copyOfOne = 0] = await ids()
  expect([one > 0, two > 0, copyOfTwo < 0, copyOfOne < 0]).toEqual([true, true, true, true])
  expect(copyOfTwo).toBeLessThan(copyOfOne)

  await steps.release('AppendEntries', leader, follower)
  await expect(window.node(follower)).toHaveAttribute('data-last', String(last + 1))
  await steps.release('AppendEntries', leader, follower)
  await expect(window.node(follower)).toHaveAttribute('data-last', String(last + 2))
  const before = await window.data(follower)
  const cells = () =>
    window
      .row(follower)
      .locator('[data-index]')
      .evaluateAll((found) => found.map((cell) => cell.textContent))
  const log = await cells()

  await steps.release('AppendEntries', leader, follower)
  await steps.release('AppendEntries', leader, follower)
  await expect(steps.held('AppendEntriesReply', follower, leader)).toBeVisible()
  await expect(window.page.locator(`tr[data-message="AppendEntriesReply"][data-from="${follower}"]`)).toHaveCount(4)
  expect(await window.data(follower)).toEqual(before)
  expect(await cells()).toEqual(log)
  expect((await window.data(leader)).term).toBe(term)

  await steps.end(all)
  await window.converged(all, last + 2)
})
