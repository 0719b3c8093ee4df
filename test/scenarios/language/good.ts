/** A scenario that keeps to the language, for tests that break it in one place. */
export const GOOD = `scenario: 1
id: first
title: { en: First, zh: 第一个 }
about: { en: What it shows., zh: 它展示什么。 }
tags: [election]
cluster:
  nodes: 3
  settings: { preVote: false }
limit: 60s
steps:
  - say: { en: Look, zh: 看 }
  - wait: { leader: { followed: all } }
    within: 10s
  - let: { old: leader }
  - put: { key: x, value: '1', name: first }
  - hold: { from: leader, to: followers, messages: [AppendEntries] }
  - put: { key: x, value: '2', name: second, background: true }
  - wait: [{ held: { from: leader, message: AppendEntries, count: 2 } }, { unanswered: second }]
  - kill: $old
  - wait:
      not: { node: { is: $old, standing: running } }
expect:
  - that: { answer: { call: first, outcome: ok } }
    within: 2s
never:
  - that: { leaders: { term: 1, count: '>= 2' } }
`
