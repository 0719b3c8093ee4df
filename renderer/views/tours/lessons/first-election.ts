/** Lesson 1: how a cluster gets its leader, and the next one when that one dies (§5.1, §5.2). */
import type { Tour } from '../types'
import { START } from './start'

export const firstElection: Tour = {
  id: 'first-election',
  title: { en: 'The first election', zh: '第一次选举' },
  about: {
    en: 'Who leads, how that was decided, and what happens when the leader dies. You kill it yourself.',
    zh: '谁是领导人，它是怎么选出来的，领导人死了会怎样。由你亲手杀死它。',
  },
  minutes: 5,
  steps: [
    START,
    {
      id: 'leader',
      title: { en: 'Find the leader', zh: '找到领导人' },
      say: {
        en: 'The ring shows every process. A filled hexagon leads, circles follow. The ring around a follower runs empty: that is its election timer, and each heartbeat of the leader fills it again (§5.2).',
        zh: '环上每个图形是一个进程。实心六边形是领导人，圆形是跟随者。跟随者外面的一圈会慢慢耗尽：那是它的选举定时器，领导人的每次心跳都会把它重新充满（§5.2）。',
      },
      task: {
        en: 'Select the leader: press its digit, or click it.',
        zh: '选中领导人：按它的数字键，或点击它。',
      },
      goal: { type: 'inspected', part: 'leader' },
      seen: {
        en: 'n{leader} leads in term {term}. Terms are Raft’s clock: each has at most one leader, and a message of an older term is refused (§5.1).',
        zh: 'n{leader} 是任期 {term} 的领导人。任期是 Raft 的时钟：每个任期至多一个领导人，旧任期的消息会被拒绝（§5.1）。',
      },
      astray: [
        {
          when: { type: 'inspected', part: 'follower' },
          say: {
            en: 'That one follows: its sign is a circle. The leader is n{leader}.',
            zh: '这是跟随者：它的图形是圆。领导人是 n{leader}。',
          },
        },
      ],
      hints: [{ after: 15, say: { en: 'It is n{leader}: press {leader}.', zh: '它是 n{leader}：请按 {leader}。' } }],
      target: '[data-region="cluster"]',
    },
    {
      id: 'vote',
      title: { en: 'See a vote on disk', zh: '看看磁盘上的选票' },
      say: {
        en: 'A candidate asks all others for their vote and needs a majority. Who grants one writes it to disk before answering, so that even a crash cannot make it vote twice in a term.',
        zh: '候选人向所有其他节点请求选票，需要得到多数。投票的节点在答复之前先把选票写到磁盘，这样即使崩溃也不会在同一任期投两次。',
      },
      task: {
        en: 'Select any follower, and read currentTerm and votedFor in the inspector on the right.',
        zh: '选中任意一个跟随者，在右侧检查器中查看 currentTerm 和 votedFor。',
      },
      goal: { type: 'inspected', part: 'follower' },
      seen: {
        en: 'votedFor names the candidate that this follower helped in this term. A few may have voted for nobody, or for another: a majority is enough.',
        zh: 'votedFor 是这个跟随者在该任期中支持的候选人。个别节点可能没有投票，或投给了别人：有多数就够了。',
      },
      hints: [
        {
          after: 15,
          say: { en: 'Press a digit other than {leader}.', zh: '请按 {leader} 以外的一个数字键。' },
        },
      ],
      target: '[data-testid="inspector"]',
    },
    {
      id: 'kill',
      title: { en: 'Kill the leader', zh: '杀死领导人' },
      names: 'old',
      say: {
        en: 'This is a real process: killing it is a real SIGKILL. It gets no chance to say goodbye, and what was not on its disk is gone.',
        zh: '这是真实的进程：杀死它就是真正的 SIGKILL。它来不及告别，没有写到磁盘的东西都没了。',
      },
      task: { en: 'Select n{old} and kill it.', zh: '选中 n{old} 并杀死它。' },
      command: 'node.kill',
      goal: { type: 'stands', part: 'old', standing: ['killed', 'crashed'] },
      seen: {
        en: 'n{old} is gone. Nobody was told: the others only notice that no heartbeat comes any more.',
        zh: 'n{old} 没了。没有谁收到通知：其他节点只会发现不再有心跳。',
      },
      astray: [
        {
          when: { type: 'otherStands', part: 'old', standing: ['killed', 'crashed', 'stopped', 'paused'] },
          say: {
            en: 'That was another node; the cluster goes on, as long as a majority runs. Start it again with S (a paused one: Z), then kill n{old}.',
            zh: '那是另一个节点；只要多数在运行，集群会继续。按 S 重新启动它（暂停的按 Z），然后杀死 n{old}。',
          },
        },
        {
          when: { type: 'stands', part: 'old', standing: ['paused', 'stopped'] },
          say: {
            en: 'n{old} stands, but it was not killed. Select it and press K, or start it again first.',
            zh: 'n{old} 停下来了，但没有被杀死。选中它按 K，或先重新启动它。',
          },
        },
      ],
      hints: [
        {
          after: 15,
          say: {
            en: 'Press {old} to select it, then K. Or Ctrl+K, and type “Kill n{old}”.',
            zh: '按 {old} 选中它，再按 K。或按 Ctrl+K，输入“杀死 n{old}”。',
          },
        },
      ],
      target: '[data-region="cluster"]',
    },
    {
      id: 'elected',
      title: { en: 'Watch the election', zh: '观看选举' },
      say: {
        en: 'The timers of the followers run out at different, random times. Whose does first asks whether it could win (pre-vote), raises the term, votes for itself, and asks the others.',
        zh: '各跟随者的定时器在不同的随机时刻耗尽。最先到时的节点先询问自己能否当选（预投票），然后增加任期，投票给自己，并向其他节点请求选票。',
      },
      task: { en: 'Wait until somebody else leads.', zh: '等到另一个节点成为领导人。' },
      goal: { type: 'elected' },
      seen: {
        en: 'n{leader} leads now, in term {term}. It is in touch with a majority, and whatever was committed before is in its log: else it would not have got the votes (§5.4.1).',
        zh: '现在 n{leader} 是任期 {term} 的领导人。它能联系到多数节点，之前已提交的都在它的日志里：否则它得不到那些选票（§5.4.1）。',
      },
      hints: [
        {
          after: 10,
          say: {
            en: 'There must be a majority: at least three of five have to run. Select one that is down and press S.',
            zh: '需要多数：五个节点中至少要运行三个。选中一个已停下的节点并按 S。',
          },
        },
      ],
      target: '[data-region="cluster"]',
    },
    {
      id: 'past',
      title: { en: 'Look back', zh: '回头看' },
      say: {
        en: 'Everything that happened stands on the timeline: the last heartbeat, the silence, the requests for votes, and the answers. Any moment can be pinned; all regions then show it.',
        zh: '发生过的一切都在时间线上：最后一次心跳、沉默、投票请求和答复。任何时刻都可以钉住，所有区域随之显示那一刻。',
      },
      task: {
        en: 'Go one term back on the timeline, or click where the old leader’s bar ends.',
        zh: '在时间线上后退一个任期，或点击旧领导人的条带结束之处。',
      },
      command: 'time.previousTerm',
      goal: { type: 'shown', what: 'past' },
      seen: {
        en: 'This is how it was just then. Walk with ← and → from event to event; the cluster itself runs on meanwhile.',
        zh: '这就是那一刻的样子。用 ← 和 → 逐个事件移动；集群本身仍在继续运行。',
      },
      hints: [
        {
          after: 15,
          say: { en: 'Press Space to pin the present moment, then ←.', zh: '按空格钉住当前时刻，再按 ←。' },
        },
      ],
      target: '[data-region="timeline"]',
    },
    {
      id: 'now',
      title: { en: 'Back to now', zh: '回到现在' },
      say: {
        en: 'A pinned moment changes nothing in the cluster. What you do to nodes always happens now.',
        zh: '钉住的时刻不会改变集群。你对节点做的事总是发生在现在。',
      },
      task: { en: 'Go back to the live cluster.', zh: '回到实时的集群。' },
      command: 'time.live',
      goal: { type: 'shown', what: 'now' },
      hints: [{ after: 10, say: { en: 'Press L.', zh: '请按 L。' } }],
      target: '.topbar',
    },
    {
      id: 'return',
      title: { en: 'Bring the old leader back', zh: '让旧领导人回来' },
      say: {
        en: 'n{old} still believes on its disk in its old term. As soon as it hears of a higher one, it follows: that is why two leaders cannot do harm.',
        zh: 'n{old} 的磁盘上仍是旧任期。一听到更高的任期，它就会跟随：因此两个领导人也不会造成危害。',
      },
      task: { en: 'Start n{old} again from its disk.', zh: '从磁盘重新启动 n{old}。' },
      command: 'node.start',
      goal: { type: 'follows', part: 'old' },
      seen: {
        en: 'n{old} follows n{leader} in term {term}. That was an election with everything that belongs to it. The next lesson: what the leader is for.',
        zh: 'n{old} 在任期 {term} 中跟随 n{leader}。这就是一次完整的选举。下一课：领导人是做什么的。',
      },
      hints: [
        {
          after: 12,
          say: { en: 'Press {old} to select it, then S.', zh: '按 {old} 选中它，再按 S。' },
        },
      ],
      target: '[data-region="cluster"]',
    },
  ],
}
