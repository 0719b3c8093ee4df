import type { VerdictWords } from './words'

export const zh: VerdictWords = {
  name: {
    'election-safety': '选举安全性：一个任期内至多一个领导人',
    'one-vote-per-term': '每个任期只投一票，重启后也是',
    'terms-never-go-back': '任期从不后退，重启后也是',
    'leader-append-only': '领导人只追加自己的日志',
    'log-matching': '日志匹配：相同的条目之前的日志也相同',
    'leader-completeness': '领导人完整性：已提交的条目在之后每个领导人的日志中',
    'state-machine-safety': '状态机安全性：同一索引处所有节点的条目相同',
    'committed-on-a-majority': '已提交即在多数节点的磁盘上',
    'commit-never-goes-back': 'commitIndex 从不后退',
    'answered-is-committed': '答复客户端已完成的都已提交',
    'one-change-at-a-time': '一次只进行一项成员变更',
  },
  broken: {
    'election-safety': ({ term, first, node }) => `节点 ${first} 和节点 ${node} 都成为任期 ${term} 的领导人。`,
    'one-vote-per-term': ({ node, term, first, votedFor }) =>
      votedFor === 0
        ? `节点 ${node} 在任期 ${term} 中投给节点 ${first} 的票已在磁盘上，重启后却不见了。`
        : `节点 ${node} 在任期 ${term} 中先投给节点 ${first}，又投给节点 ${votedFor}。`,
    'terms-never-go-back': ({ node, before, term }) => `节点 ${node} 的任期从 ${before} 退回到 ${term}。`,
    'leader-append-only': ({ node, term, index, last }) =>
      `任期 ${term} 的领导人节点 ${node} 删除或替换了自己日志中从 ${index} 起的条目；日志原到 ${last}。`,
    'log-matching': ({ index, term, node, before, first, firstBefore }) =>
      `任期 ${term} 的条目 ${index}，在节点 ${node} 的日志中前一条属于任期 ${before}，在节点 ${first} 的日志中前一条属于任期 ${firstBefore}。`,
    'leader-completeness': ({ node, term, index, entryTerm, committedIn }) =>
      `节点 ${node} 成为任期 ${term} 的领导人，却没有在任期 ${committedIn} 中已提交的条目 ${index}（任期 ${entryTerm}）。`,
    'state-machine-safety': ({ index, node, term, first }) =>
      `节点 ${node} 在索引 ${index} 处提交了任期 ${term} 的条目，而该处已提交的属于任期 ${first}。`,
    'committed-on-a-majority': ({ node, index, term, of, on }) =>
      `节点 ${node} 认为任期 ${term} 的条目 ${index} 已提交；投票者 ${of} 中磁盘上有它的只有：${on || '无'}。`,
    'commit-never-goes-back': ({ node, before, index }) => `节点 ${node} 的 commitIndex 从 ${before} 退回到 ${index}。`,
    'answered-is-committed': ({ index, term, node, found }) =>
      `节点 ${node} 答复任期 ${term} 的条目 ${index} 已完成，${found === 0 ? '却没有节点提交它' : `而该处已提交的属于任期 ${found}`}。`,
    'one-change-at-a-time': ({ rule, node, index, before, old, new: next }) =>
      rule === 'uncommitted'
        ? `节点 ${node} 在索引 ${index} 处加入配置（${next}）时，索引 ${before} 处的配置（${old}）尚未提交。`
        : `节点 ${node} 在索引 ${index} 处从配置 ${old} 变为 ${next}：两者存在互不相交的多数派。`,
  },
}
