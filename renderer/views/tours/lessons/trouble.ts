/** Lesson 3: a partition with the leader on the smaller side, and why nothing that was acknowledged is lost (§5.3, §5.4). */
import type { Tour } from '../types'
import { START } from './start'

export const trouble: Tour = {
  id: 'trouble',
  title: { en: 'What can go wrong', zh: '什么会出错' },
  about: {
    en: 'The network splits and the leader is on the smaller side. Two sides, one truth: find out which, and why.',
    zh: '网络分裂，领导人在较小的一侧。两侧之中只有一个真相：找出是哪一侧，以及为什么。',
  },
  minutes: 6,
  steps: [
    START,
    {
      id: 'before',
      title: { en: 'Something to lose', zh: '先写点东西' },
      say: {
        en: 'First something that must not get lost: a value that a client was told is stored.',
        zh: '先写一个不能丢的东西：客户端被告知已经存下的值。',
      },
      task: { en: 'Put x with the value 1.', zh: '写入键 x，值 1。' },
      command: 'client.focus',
      goal: { type: 'answered', ops: ['put'] },
      hints: [
        { after: 20, say: { en: 'Press C, type x, Tab, 1, Enter.', zh: '按 C，输入 x，按 Tab，输入 1，按回车。' } },
      ],
      target: '.below',
    },
    {
      id: 'partition',
      title: { en: 'Split the network', zh: '分裂网络' },
      names: 'old',
      say: {
        en: 'Every process keeps running; only messages between the two sides are lost. No node can tell this from the other side being dead.',
        zh: '每个进程都在运行，只是两侧之间的消息会丢失。任何节点都分不清这与对侧死了有什么区别。',
      },
      task: {
        en: 'Put n{old} and one other node on one side: P, the digits of both, Enter.',
        zh: '把 n{old} 和另外一个节点放在一侧：按 P，两个数字键，回车。',
      },
      command: 'link.editPartition',
      goal: { type: 'cutOff', part: 'old', side: 'minority' },
      seen: {
        en: 'n{old} and its friend are alone. Three nodes are on the other side: a majority, without a leader yet.',
        zh: 'n{old} 和它的同伴被隔开了。另一侧有三个节点：是多数，但还没有领导人。',
      },
      astray: [
        {
          when: { type: 'cutOff', part: 'old', side: 'majority' },
          say: {
            en: 'n{old} is on the larger side: nothing changes for it. Heal with H, then put it on the smaller side.',
            zh: 'n{old} 在较大的一侧：对它来说没有变化。按 H 修复，然后把它放到较小的一侧。',
          },
        },
        {
          when: { type: 'otherStands', part: 'old', standing: ['killed', 'stopped', 'paused', 'crashed'] },
          say: {
            en: 'This time no process should be stopped: start it again with S (a paused one: Z), and cut links instead.',
            zh: '这次不要停进程：按 S 重新启动它（暂停的按 Z），改为切断链路。',
          },
        },
      ],
      hints: [
        {
          after: 20,
          say: {
            en: 'Press P. Then {old} and one more digit: they stand on the first side. Then Enter.',
            zh: '按 P。再按 {old} 和另一个数字键：它们站在第一侧。然后按回车。',
          },
        },
      ],
      target: '[data-region="cluster"]',
    },
    {
      id: 'elected',
      title: { en: 'A leader on the larger side', zh: '较大的一侧选出领导人' },
      say: {
        en: 'On the larger side the timers run out, and there are enough votes. n{old} may still take itself for the leader, in the old term, until it notices that no majority answers.',
        zh: '较大的一侧定时器耗尽，选票也足够。n{old} 可能仍以为自己是旧任期的领导人，直到它发现没有多数答复它。',
      },
      task: { en: 'Wait for the election.', zh: '等待选举。' },
      goal: { type: 'elected' },
      seen: {
        en: 'n{leader} leads in term {term}. For a while two nodes may have called themselves leader, never in the same term.',
        zh: 'n{leader} 在任期 {term} 中领导。有一段时间可能有两个节点自称领导人，但绝不会在同一任期。',
      },
      hints: [
        {
          after: 12,
          say: {
            en: 'There must be three nodes together that all run. Look at the ring; H heals, then split again.',
            zh: '需要有三个连通且都在运行的节点。看看环；按 H 修复后重新分裂。',
          },
        },
      ],
      target: '[data-region="cluster"]',
    },
    {
      id: 'write',
      title: { en: 'The larger side goes on', zh: '较大的一侧继续' },
      say: {
        en: 'A client that finds the new leader can write. The smaller side hears nothing of it.',
        zh: '找到新领导人的客户端可以写入。较小的一侧对此一无所知。',
      },
      task: { en: 'Put x with the value 2.', zh: '写入键 x，值 2。' },
      command: 'client.focus',
      goal: { type: 'answered', ops: ['put'] },
      seen: {
        en: 'Answered: on the disks of a majority, and therefore safe, whatever happens now.',
        zh: '已得到答复：在多数节点的磁盘上，因此无论接下来发生什么都是安全的。',
      },
      hints: [
        {
          after: 20,
          say: {
            en: 'Press C, type x, Tab, 2, Enter. “via” must be any node, not n{old}.',
            zh: '按 C，输入 x，按 Tab，输入 2，按回车。“经由”应为任意节点，而不是 n{old}。',
          },
        },
      ],
      target: '.below',
    },
    {
      id: 'compare',
      title: { en: 'Two truths?', zh: '两个真相？' },
      say: {
        en: 'Compare the rows in the logs: the smaller side lacks the entries of term {term}. What it has beyond the white line, no majority ever had.',
        zh: '比较日志中的各行：较小的一侧缺少任期 {term} 的条目。它在白线之后的内容，从未有过多数拥有。',
      },
      task: { en: 'Select n{old} and look at its log.', zh: '选中 n{old}，查看它的日志。' },
      goal: { type: 'inspected', part: 'old' },
      seen: {
        en: 'Only one of the two histories can be committed, since any two majorities share a node (§5.4.3).',
        zh: '两段历史中只有一段能被提交，因为任意两个多数都有共同的节点（§5.4.3）。',
      },
      hints: [{ after: 15, say: { en: 'Press {old}.', zh: '请按 {old}。' } }],
      target: '[data-region="logs"]',
    },
    {
      id: 'heal',
      title: { en: 'Heal', zh: '修复' },
      say: {
        en: 'The first message of the higher term makes n{old} follow. Entries of its own that conflict are removed and replaced by the leader’s (§5.3).',
        zh: '更高任期的第一条消息就会让 n{old} 成为跟随者。它自己冲突的条目会被删除，换成领导人的条目（§5.3）。',
      },
      task: { en: 'Heal everything.', zh: '全部修复。' },
      command: 'fault.healAll',
      goal: { type: 'sameLogs' },
      seen: {
        en: 'One log again, on all five. What a client was told is stored is still there.',
        zh: '五个节点上又是同一份日志。告知客户端已存下的都还在。',
      },
      hints: [{ after: 10, say: { en: 'Press H.', zh: '请按 H。' } }],
      target: '[data-region="logs"]',
    },
    {
      id: 'read',
      title: { en: 'See for yourself', zh: '亲自验证' },
      say: {
        en: 'Before answering a read the leader makes sure that it still leads (ReadIndex): a stale leader cannot give you an old value.',
        zh: '答复读取之前，领导人会确认自己仍是领导人（ReadIndex）：过时的领导人不会给你旧值。',
      },
      task: { en: 'Get x.', zh: '读取 x。' },
      command: 'client.focus',
      goal: { type: 'answered', ops: ['get'] },
      seen: {
        en: 'The value that the majority stored. That was all three lessons; the scenarios show the rest, from Figure 7 to broken disks.',
        zh: '这就是多数存下的值。三课到此结束；其余的由场景来展示，从图 7 到损坏的磁盘。',
      },
      hints: [
        {
          after: 15,
          say: { en: 'Press C, choose “get”, type x, Enter.', zh: '按 C，选择“get”，输入 x，按回车。' },
        },
      ],
      target: '.below',
    },
  ],
}
