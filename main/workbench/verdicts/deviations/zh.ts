import type { DeviationWords } from './words'

type Given = number | string | undefined

const nobody = (nodes: Given): string => (nodes === '' || nodes === undefined ? '无' : String(nodes))
const none = (term: Given): string => (term === 0 ? '没有条目' : `是任期 ${term} 的条目`)
const ROLE: Readonly<Record<string, string>> = {
  follower: '跟随者',
  'pre-candidate': '预候选人',
  candidate: '候选人',
  leader: '领导人',
  learner: '学习者',
}
const role = (name: Given): string => ROLE[String(name)] ?? String(name)

export const zh: DeviationWords = {
  'restart-term-kept': ({ node, before, term }) => `节点 ${node} 的磁盘上是任期 ${before}，重启后却是任期 ${term}。`,
  'restart-vote-kept': ({ node, term, first, votedFor }) =>
    `节点 ${node} 在任期 ${term} 投给节点 ${first} 的票已在磁盘上，重启后却${votedFor === 0 ? '没有了' : `投给了节点 ${votedFor}`}。`,
  'restart-log-kept': ({ node, index, before, term }) =>
    `节点 ${node} 的磁盘上有已提交的条目 ${index}（任期 ${before}），重启后那里${none(term)}。`,
  'term-grows': ({ node, before, term }) => `节点 ${node} 的任期从 ${before} 退回到 ${term}。`,
  'term-heard': ({ node, before, term }) =>
    `节点 ${node} 从任期 ${before} 进入 ${term}，而它正在处理的消息都没有这个任期。`,
  'timeout-next-term': ({ node, before, term }) => `节点 ${node} 在任期 ${term} 参选；${before} 之后应当是下一个任期。`,
  'timeout-not-leader': ({ node, term }) => `节点 ${node} 正领导任期 ${term}，却去参选。`,
  'timeout-may-stand': ({ node, term }) => `节点 ${node} 参选（任期 ${term}），但按它的配置它不是可以领导的投票者。`,
  'candidate-votes-for-itself': ({ node, term, votedFor }) =>
    `节点 ${node} 是任期 ${term} 的候选人，却${votedFor === 0 ? '没有投票' : `把票投给了节点 ${votedFor}`}，而不是自己。`,
  'told-by-leader': ({ node, term }) =>
    `节点 ${node} 声称受领导人之命在任期 ${term} 参选，但它并没有在处理 TimeoutNow。`,
  'pre-vote-term-stays': ({ node, term, currentTerm }) =>
    `节点 ${node} 在任期 ${term} 请求预投票；预投票不改变它的任期 ${currentTerm}。`,
  'pre-vote-majority': ({ node, term, of, by }) =>
    `节点 ${node} 在任期 ${term} 参选；投票者 ${of} 中答应预投票的只有：${nobody(by)}。`,
  'pre-vote-log-up-to-date': ({ node, peer, index, logTerm, last, lastTerm }) =>
    `节点 ${node} 答应给节点 ${peer} 预投票，对方日志末尾是 ${index}（任期 ${logTerm}），而自己的是 ${last}（任期 ${lastTerm}）。`,
  'vote-once': ({ node, term, first, votedFor }) =>
    `节点 ${node} 在任期 ${term} 已投给节点 ${first}，之后${votedFor === 0 ? '却忘了' : `又投给节点 ${votedFor}`}。`,
  'vote-asked-for': ({ node, term, votedFor }) =>
    `节点 ${node} 在任期 ${term} 投给节点 ${votedFor}，但它并没有在处理对方该任期的 RequestVote。`,
  'vote-log-up-to-date': ({ node, votedFor, index, logTerm, last, lastTerm }) =>
    `节点 ${node} 投给节点 ${votedFor}，对方日志末尾是 ${index}（任期 ${logTerm}），而自己的是 ${last}（任期 ${lastTerm}）。`,
  'vote-refusal-founded': ({ node, candidate, reason, term, votedFor }) =>
    `节点 ${node} 拒绝投票给节点 ${candidate}（${reason}），但事实并非如此：它的任期是 ${term}，${votedFor === 0 ? '尚未投票' : `票投给了节点 ${votedFor}`}。`,
  'leader-was-candidate': ({ node, term, role: was, currentTerm }) =>
    `节点 ${node} 以任期 ${currentTerm} 的${role(was)}身份成为任期 ${term} 的领导人；只有该任期的候选人可以。`,
  'leader-majority': ({ node, term, of, by }) =>
    `节点 ${node} 成为任期 ${term} 的领导人；投票者 ${of} 中投给它的只有：${nobody(by)}。`,
  'role-term': ({ node, term, currentTerm }) =>
    `节点 ${node} 称自己在任期 ${term} 中跟随，而它的任期是 ${currentTerm}。`,
  'leader-steps-down': ({ node, term, reason }) =>
    `节点 ${node} 不再领导任期 ${term}（${reason}），却没有更新的任期，没有失去多数，也没有被移除。`,
  'leader-heard': ({ node, term, leader }) =>
    `节点 ${node} 在任期 ${term} 跟随节点 ${leader}，但它并没有在处理对方作为该任期领导人的消息。`,
  'removed-is-committed': ({ node, index, commitIndex }) =>
    `节点 ${node} 因索引 ${index} 处的配置不含自己而停止领导，但已提交的只到 ${commitIndex}。`,
  'leader-appends-own-term': ({ node, index, entryTerm, term }) =>
    `节点 ${node} 领导任期 ${term}，却追加了任期 ${entryTerm} 的条目 ${index}。`,
  'leader-append-only': ({ node, term, index, last }) =>
    `节点 ${node} 领导任期 ${term}，却删除或替换了从 ${index} 起的条目；日志原到 ${last}。`,
  'append-asked-for': ({ node, index }) =>
    `节点 ${node} 在 ${index} 处改变了日志或 commitIndex，但它并没有在处理 AppendEntries。`,
  'append-current-term': ({ node, index, entryTerm, term, before }) =>
    `节点 ${node} 在任期 ${term}，却在 ${index} 处接受了任期 ${entryTerm} 的内容（日志末尾的任期是 ${before}）。`,
  'append-consistency': ({ node, index, logTerm, found }) =>
    `节点 ${node} 接受了跟在 ${index}（任期 ${logTerm}）之后的条目，而它的日志在那里${none(found)}。`,
  'append-entries-of-message': ({ node, first, last, term, from, to }) =>
    `节点 ${node} 追加了任期 ${term} 的条目 ${first}–${last}；它正在处理的消息带的是 ${from}–${to}，并不是这些。`,
  'append-no-hole': ({ node, index, last }) => `节点 ${node} 追加条目 ${index}，而日志末尾是 ${last}。`,
  'truncate-on-conflict': ({ node, index, own, from, to }) =>
    `节点 ${node} 删除了从 ${index}（任期 ${own}）起的条目；消息中的条目 ${from}–${to} 在那里并无冲突。`,
  'truncate-committed': ({ node, index, commitIndex }) =>
    `节点 ${node} 删除了从 ${index} 起的条目，而到 ${commitIndex} 为止已提交。`,
  'append-answer': ({ node, holds, term }) =>
    holds === 1
      ? `节点 ${node} 拒绝了任期 ${term} 的 AppendEntries，而它正好接在自己的日志之后。`
      : `节点 ${node} 接受了任期 ${term} 的 AppendEntries，而它必须拒绝：任期过旧，或日志中没有前一条目。`,
  'learn-leader-commit': ({ node, index, leaderCommit }) =>
    `节点 ${node} 认为 ${index} 已提交，而领导人说的是 ${leaderCommit}。`,
  'learn-verified': ({ node, index, verified }) =>
    `节点 ${node} 认为 ${index} 已提交，而它的日志只在 ${verified} 之前确知与领导人相同。`,
  'match-index-grows': ({ node, peer, before, index }) =>
    `节点 ${node} 对节点 ${peer} 的 matchIndex 从 ${before} 退回到 ${index}。`,
  'match-index-said': ({ node, peer, index, said }) =>
    `节点 ${node} 对节点 ${peer} 的 matchIndex 是 ${index}，而对方在该任期中说的是 ${said}。`,
  'commit-by-leader': ({ node, index, role: was }) =>
    `节点 ${node} 作为${role(was)}把 ${index} 计为已提交；只有领导人可以。`,
  'commit-grows': ({ node, before, index }) => `节点 ${node} 的 commitIndex 从 ${before} 退回到 ${index}。`,
  'commit-in-log': ({ node, index, last }) => `节点 ${node} 认为 ${index} 已提交，而它的日志末尾是 ${last}。`,
  'commit-own-term': ({ node, index, entryTerm, term }) =>
    `节点 ${node} 领导任期 ${term}，却把任期 ${entryTerm} 的条目 ${index} 计为已提交：旧条目的副本数说明不了什么。`,
  'commit-majority': ({ node, index, of, by }) =>
    `节点 ${node} 把条目 ${index} 计为已提交；投票者 ${of} 中说过拥有它的（自己则须在磁盘上）只有：${nobody(by)}。`,
  'apply-committed': ({ node, index, commitIndex }) =>
    `节点 ${node} 应用到 ${index}，而它知道已提交的只到 ${commitIndex}。`,
  'apply-grows': ({ node, before, index }) => `节点 ${node} 已应用的位置从 ${before} 退回到 ${index}。`,
  'persist-in-log': ({ node, index, last }) => `节点 ${node} 称磁盘上的日志到 ${index}，而日志末尾是 ${last}。`,
  'persist-hard-state': ({ node, term, currentTerm, before }) =>
    `节点 ${node} 称磁盘上有它从未有过的任期或投票（任期 ${term}，而它的任期是 ${currentTerm}，磁盘上原是 ${before}）。`,
  'snapshot-committed': ({ node, index, commitIndex }) =>
    `节点 ${node} 对 ${index} 做了快照，而已提交的只到 ${commitIndex}。`,
  'snapshot-term': ({ node, index, term, found }) =>
    `节点 ${node} 称快照所替代的条目 ${index} 属于任期 ${term}，而它的日志在那里${none(found)}。`,
  'compact-covered': ({ node, index, snapshot }) =>
    `节点 ${node} 丢弃了到 ${index} 为止的条目，而它的快照只覆盖到 ${snapshot}。`,
  'install-not-leader': ({ node, index, term }) => `节点 ${node} 领导任期 ${term} 时安装了 ${index} 的快照。`,
  'install-newer': ({ node, index, commitIndex }) =>
    `节点 ${node} 安装了 ${index} 的快照，而它已知提交到 ${commitIndex}。`,
  'install-sent': ({ node, index, term }) => `节点 ${node} 安装了 ${index}（任期 ${term}）的快照，却没有谁发给它。`,
  'install-keeps-log': ({ node, index, term, found, kept }) =>
    `节点 ${node} 安装了 ${index}（任期 ${term}）的快照，并${kept === 1 ? '保留' : '丢弃'}了其后的日志，而日志在那里${none(found)}。`,
  'change-in-log': ({ node, index, last }) => `节点 ${node} 采用索引 ${index} 处的配置，而它的日志末尾是 ${last}。`,
  'change-one-at-a-time': ({ node, index, before, commitIndex }) =>
    `节点 ${node} 在 ${index} 处加入配置时，${before} 处的配置尚未提交（commitIndex ${commitIndex}）。`,
  'change-after-own-commit': ({ node, index, term, commitIndex }) =>
    `节点 ${node} 在任期 ${term} 中尚未提交任何条目（commitIndex ${commitIndex}），就在 ${index} 处加入了配置。`,
  'change-majorities-meet': ({ node, index, old, new: next }) =>
    `节点 ${node} 在 ${index} 处从配置 ${old} 变为 ${next}：两者存在互不相交的多数派。`,
  'send-term': ({ node, message, term, currentTerm }) =>
    `节点 ${node} 发出任期 ${term} 的 ${message}，而它的任期是 ${currentTerm}。`,
  'send-as-leader': ({ node, message, term }) => `节点 ${node} 发出任期 ${term} 的 ${message}，而它没有领导过该任期。`,
  'request-vote-as-candidate': ({ node, term }) => `节点 ${node} 在任期 ${term} 拉票，却没有在该任期投给自己。`,
  'request-vote-own-log': ({ node, index, logTerm, last, lastTerm }) =>
    `节点 ${node} 拉票时称日志末尾是 ${index}（任期 ${logTerm}），实际是 ${last}（任期 ${lastTerm}）。`,
  'request-vote-durable': ({ node, term, durable }) =>
    `节点 ${node} 在任期 ${term} 拉票时，自己的票还不在磁盘上（磁盘上是任期 ${durable}）。`,
  'vote-reply-given': ({ node, term, peer, votedFor }) =>
    `节点 ${node} 告诉节点 ${peer} 任期 ${term} 的票投给了它，${votedFor === 0 ? '其实没有投' : `其实投给了节点 ${votedFor}`}。`,
  'vote-reply-durable': ({ node, term, peer }) =>
    `节点 ${node} 告诉节点 ${peer} 任期 ${term} 的票投给了它，而这一票还不在磁盘上。`,
  'append-prev-in-log': ({ node, index, logTerm, found }) =>
    `节点 ${node} 发出跟在 ${index}（任期 ${logTerm}）之后的条目，而它自己的日志在那里${none(found)}。`,
  'append-entries-in-log': ({ node, to, last }) => `节点 ${node} 发出到 ${to} 为止的条目，而它的日志末尾是 ${last}。`,
  'append-leader-commit': ({ node, leaderCommit, commitIndex }) =>
    `节点 ${node} 发出 leaderCommit ${leaderCommit}，而它的 commitIndex 是 ${commitIndex}。`,
  'append-reply-durable': ({ node, index, durable }) =>
    `节点 ${node} 告诉领导人它的日志到 ${index}，而磁盘上只到 ${durable}。`,
  'append-reply-verified': ({ node, index, verified }) =>
    `节点 ${node} 告诉领导人它的日志到 ${index} 相同，而所答复的消息只到 ${verified}。`,
  'install-committed': ({ node, index, commitIndex }) =>
    `节点 ${node} 发出 ${index} 的快照，而它知道已提交的只到 ${commitIndex}。`,
  'install-reply-durable': ({ node, index, durable }) =>
    `节点 ${node} 告诉领导人 ${index} 的快照已安装，而磁盘上的日志只到 ${durable}。`,
}
