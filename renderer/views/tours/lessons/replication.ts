/** Lesson 2: what a leader does with a write, and what "committed" means (§5.3, §5.4). */
import type { Tour } from '../types'
import { START } from './start'

export const replication: Tour = {
  id: 'replication',
  title: { en: 'Replication and commitment', zh: '复制与提交' },
  about: {
    en: 'A write on its way: replicated, committed, known committed, applied. And what happens when there is no majority.',
    zh: '一次写入的历程：已复制、已提交、已知提交、已应用。以及没有多数时会怎样。',
  },
  minutes: 6,
  steps: [
    START,
    {
      id: 'put',
      title: { en: 'Write something', zh: '写入一个值' },
      say: {
        en: 'A client’s command goes to the leader, which appends it to its log and sends it to all others, at the same time as it writes it to its own disk (§5.3).',
        zh: '客户端的命令交给领导人，领导人把它追加到自己的日志，并在写入自己磁盘的同时发给所有其他节点（§5.3）。',
      },
      task: {
        en: 'Put a value: choose the client, type a key and a value, press Enter.',
        zh: '写入一个值：打开客户端，输入键和值，按回车。',
      },
      command: 'client.focus',
      goal: { type: 'answered', ops: ['put', 'append', 'cas'] },
      seen: {
        en: 'It was answered. An answer means: a majority has the entry on disk, and the leader has applied it.',
        zh: '已得到答复。答复意味着：多数节点的磁盘上已有该条目，而且领导人已经应用了它。',
      },
      astray: [
        {
          when: { type: 'answered', ops: ['get', 'delete'] },
          say: {
            en: 'That was another call. Choose “put” in the client’s form.',
            zh: '那是另一种调用。请在客户端表单中选择“put”。',
          },
        },
      ],
      hints: [
        {
          after: 20,
          say: {
            en: 'Press C, type x, Tab, type 1, Enter.',
            zh: '按 C，输入 x，按 Tab，输入 1，按回车。',
          },
        },
      ],
      target: '.below',
    },
    {
      id: 'words',
      title: { en: 'Four words for one entry', zh: '一个条目，四个词' },
      say: {
        en: 'Replicated: it is on this node’s disk. Committed: the leader has determined that a majority has it. Known committed: this node’s commitIndex covers it. Applied: this node’s state machine has executed it. The signs in the corner of each entry tell them apart, and the white line is the commitIndex.',
        zh: '已复制：在该节点的磁盘上。已提交：领导人已确定多数节点都有它。已知提交：该节点的 commitIndex 覆盖它。已应用：该节点的状态机已执行它。每个条目角上的标记区分这些状态，白线是 commitIndex。',
      },
      target: '[data-region="logs"]',
    },
    {
      id: 'follower',
      title: { en: 'Lose a follower', zh: '失去一个跟随者' },
      say: {
        en: 'Three of five are a majority. Two may fail, whichever they are, and the cluster still takes writes.',
        zh: '五个中的三个就是多数。无论哪两个出故障，集群仍能接受写入。',
      },
      task: { en: 'Kill one or two followers.', zh: '杀死一个或两个跟随者。' },
      command: 'node.kill',
      goal: { type: 'running', atLeast: 3, atMost: 4 },
      seen: {
        en: 'The leader keeps sending what they miss, and remembers for each how far it got: matchIndex and nextIndex.',
        zh: '领导人会继续发送它们缺少的条目，并记住每个节点到了哪里：matchIndex 和 nextIndex。',
      },
      astray: [
        {
          when: { type: 'running', atMost: 2 },
          say: {
            en: 'That is one too many: fewer than three run. Select one that is down and press S.',
            zh: '多了一个：运行的不到三个。选中一个停下的节点并按 S。',
          },
        },
      ],
      hints: [
        {
          after: 15,
          say: {
            en: 'Press the digit of a follower (not {leader}), then K.',
            zh: '按一个跟随者的数字键（不是 {leader}），再按 K。',
          },
        },
      ],
      target: '[data-region="cluster"]',
    },
    {
      id: 'still',
      title: { en: 'Write again', zh: '再写一次' },
      say: {
        en: 'The nodes that are down have no say: what counts is a majority of the whole membership, five, not of those that run.',
        zh: '停下的节点没有发言权：算的是全体成员（五个）的多数，而不是运行中节点的多数。',
      },
      task: { en: 'Put another value.', zh: '再写入一个值。' },
      command: 'client.focus',
      goal: { type: 'answered', ops: ['put', 'append', 'cas'] },
      seen: {
        en: 'Answered all the same. In the logs, the rows of the nodes that are down have stayed behind.',
        zh: '照样得到答复。在日志区域，停下的节点那几行落在了后面。',
      },
      hints: [
        {
          after: 20,
          say: {
            en: 'Press C, type a key, Tab, a value, Enter. With a leader gone, an election comes first: wait for it.',
            zh: '按 C，输入键，按 Tab，输入值，按回车。如果领导人没了，会先有一次选举：请等它完成。',
          },
        },
      ],
      target: '.below',
    },
    {
      id: 'minority',
      title: { en: 'No majority', zh: '没有多数' },
      say: {
        en: 'Now one more than a cluster of five can bear.',
        zh: '现在超过五节点集群所能承受的限度。',
      },
      task: { en: 'Kill nodes until only two run; keep the leader.', zh: '杀死节点，直到只剩两个在运行；留下领导人。' },
      command: 'node.kill',
      goal: { type: 'running', atLeast: 1, atMost: 2 },
      seen: {
        en: 'Two run. They cannot elect anybody, nor commit anything. After a while without answers the leader gives up its role by itself (CheckQuorum).',
        zh: '只剩两个在运行。它们无法选出领导人，也无法提交任何条目。一段时间得不到答复后，领导人会自己放弃角色（CheckQuorum）。',
      },
      hints: [{ after: 15, say: { en: 'Select a node that runs, and press K.', zh: '选中一个运行中的节点，按 K。' } }],
      target: '[data-region="cluster"]',
    },
    {
      id: 'unanswered',
      title: { en: 'Write in vain', zh: '写了也没用' },
      say: {
        en: 'A cluster without a majority prefers to say nothing to saying something false. Safety never depends on timing; availability does.',
        zh: '没有多数的集群宁可不答复，也不给出错误的答复。安全性从不依赖时间；可用性才依赖。',
      },
      task: { en: 'Put one more value, and wait.', zh: '再写入一个值，然后等待。' },
      command: 'client.focus',
      goal: { type: 'unanswered', seconds: 1 },
      seen: {
        en: 'No answer. The client cannot know whether its write will take effect: that is the honest third outcome, “unknown”.',
        zh: '没有答复。客户端无法知道写入是否会生效：这就是诚实的第三种结果——“未知”。',
      },
      astray: [
        {
          when: { type: 'answered', ops: ['put', 'append', 'cas', 'delete'] },
          say: {
            en: 'It was answered, so a majority runs. Kill nodes until only two are left.',
            zh: '它得到了答复，说明有多数在运行。请杀死节点，直到只剩两个。',
          },
        },
      ],
      hints: [{ after: 20, say: { en: 'Press C, type a key and a value, Enter.', zh: '按 C，输入键和值，按回车。' } }],
      target: '.below',
    },
    {
      id: 'back',
      title: { en: 'A majority again', zh: '恢复多数' },
      say: {
        en: 'One process more makes three. Whoever is elected has every committed entry; it first commits an entry of its own term, and with it everything before (§5.4.2).',
        zh: '再多一个进程就是三个。当选者拥有所有已提交的条目；它先提交自己任期的一个条目，之前的条目随之提交（§5.4.2）。',
      },
      task: { en: 'Start one of the nodes that are down.', zh: '启动一个停下的节点。' },
      command: 'node.start',
      goal: { type: 'committed' },
      seen: {
        en: 'Entries are committed again, in term {term} with n{leader} as leader.',
        zh: '又有条目被提交了：任期 {term}，领导人是 n{leader}。',
      },
      hints: [{ after: 15, say: { en: 'Select a node that is down, and press S.', zh: '选中一个停下的节点，按 S。' } }],
      target: '[data-region="cluster"]',
    },
    {
      id: 'same',
      title: { en: 'The same log everywhere', zh: '处处相同的日志' },
      say: {
        en: 'Who was away is brought up to date: the leader goes back to where both logs agree, and sends everything from there (§5.3).',
        zh: '离开过的节点会被补齐：领导人退回到两份日志一致之处，从那里开始发送其后的全部条目（§5.3）。',
      },
      task: { en: 'Start all nodes, and watch the logs.', zh: '启动所有节点，观察日志。' },
      command: 'node.start',
      goal: { type: 'sameLogs' },
      seen: {
        en: 'Five equal logs, all known committed. The next lesson: what can go wrong.',
        zh: '五份相同的日志，全部已知提交。下一课：什么会出错。',
      },
      hints: [
        {
          after: 20,
          say: {
            en: 'Select each node that is down, and press S. Links that are cut: H heals all.',
            zh: '逐个选中停下的节点并按 S。链路被切断时：按 H 全部修复。',
          },
        },
      ],
      target: '[data-region="logs"]',
    },
  ],
}
