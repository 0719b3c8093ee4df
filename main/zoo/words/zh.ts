import type { AllBugWords } from './word'

export const zh: AllBugWords = {
  'vote-not-persisted': {
    name: '投票没有写入磁盘',
    story: '投票者崩溃后忘记投给了谁，在同一任期再次投票：出现两个领导人。',
  },
  'vote-forgotten-at-restart': {
    name: '启动时不读取磁盘上的投票',
    story: '投票已经写入，但重启的节点从空白开始，在同一任期投出第二票。',
  },
  'term-without-vote': {
    name: '只写入任期，不写入投票',
    story: '任期和投票必须一起保存。若在两者之间崩溃，节点会在该任期再次投票。',
  },
  'second-vote': {
    name: '投票者不看自己已经投出的票',
    story: '谁来请求都给票，于是同一任期的两个候选人都能得到多数。',
  },
  'vote-not-kept': {
    name: '投出的票没有记住',
    story: '回复说同意，votedFor 却仍为空：该任期的下一个候选人也会得到同意。',
  },
  'step-down-forgets-vote': {
    name: '在同一任期内退回跟随者时忘记投票',
    story: '投票在整个任期内有效。听到该任期的领导人就清除投票，会让同一票投出两次。',
  },
  'vote-before-disk': {
    name: '投票在写入磁盘之前就已发出',
    story: '候选人计入了一张投票者崩溃后就不存在的票。',
  },
  'own-vote-before-disk': {
    name: '候选人在自己的票落盘之前就计入它',
    story: '它凭这一票成为领导人，崩溃后却忘记了，又投给别人。',
  },
  'logs-not-compared': {
    name: '投票者不比较日志',
    story: '缺少已提交条目的候选人当选，这些条目就此丢失。',
  },
  'only-lengths-compared': {
    name: '投票者只比较日志长度',
    story: '旧任期的长日志胜过含有新任期已提交条目的较短日志。',
  },
  'half-is-majority': {
    name: '把一半当作多数',
    story: '四个节点时，两半各自选出领导人，各自提交。',
  },
  'new-leader-trims-log': {
    name: '新领导人删除自己不知道已提交的条目',
    story: '旧领导人已经提交这些条目并答复了客户端：它们丢失了。',
  },
  'old-copies-counted': {
    name: '统计旧任期条目的副本数来提交',
    story: '图 8：旧任期的条目已在多数节点上，被当作已提交，却仍被覆盖。',
  },
  'heartbeat-acknowledges-memory': {
    name: '心跳的回复确认了尚未持久化的条目',
    story: '磁盘仍在写入时，跟随者就按内存中的日志作答：所谓多数并不存在。',
  },
  'acknowledged-before-written': {
    name: '跟随者在条目落盘之前就确认',
    story: '领导人计入的副本会因断电而消失。',
  },
  'leader-counts-memory': {
    name: '领导人在条目落盘之前就计入自己',
    story: '提交时磁盘上少一份副本：并行写入做错了。',
  },
  'commit-unverified': {
    name: '跟随者提交没有核对过的条目',
    story: '它的 commitIndex 越过了已下台领导人的条目，而那里提交的是别的条目。',
  },
  'no-consistency-check': {
    name: '省略一致性检查',
    story: '新条目接在另一个领导人的条目之后，后者也就被当作已提交。',
  },
  'short-message-cuts-log': {
    name: '迟到的较短消息截断日志',
    story: '重复到达的消息删除了其后的条目，尽管它们已经确认过。',
  },
  'sent-counts-as-stored': {
    name: '把已发送当作已存储',
    story: '领导人按 nextIndex 而不是 matchIndex 计数，提交了从未到达的条目。',
  },
  'change-before-own-commit': {
    name: '领导人在本任期提交之前就变更成员',
    story: '2015 年的单节点变更错误：同时进行的两个变更，其多数互不相交。',
  },
  'second-change-at-once': {
    name: '第一个变更提交之前就开始第二个',
    story: '两个变更叠加后，可能有互不相交的多数。',
  },
  'removed-leader-counts-itself': {
    name: '正被移除的领导人把自己计入',
    story: '它已不在新配置中，自己的副本却仍用来提交。',
  },
  'learners-count': {
    name: '提交时计入学习者',
    story: '只有无投票权的节点拥有的条目也被提交。',
  },
  'joint-needs-new-majority-only': {
    name: '联合配置只看新多数',
    story: '旧多数可能选出另一个对此一无所知的领导人。',
  },
  'several-voters-at-once': {
    name: '一步变更多个投票者',
    story: '图 10：不经联合配置直接变更多个投票者，多数可能互不相交。',
  },
  'joint-left-early': {
    name: '联合配置提交之前就离开它',
    story: '让两个多数都参与决定的中间一步不再起作用。',
  },
  'read-before-own-commit': {
    name: '新领导人在本任期提交之前就读取',
    story: '它还不知道之前提交了什么，返回了旧值。',
  },
  'read-without-round': {
    name: '不经一轮心跳就回答读取',
    story: '已下台而不自知的领导人返回过去的值。',
  },
  'lease-survives-transfer': {
    name: '移交领导权时租约仍然有效',
    story: '下一个领导人立即当选，旧领导人仍凭租约作答。',
  },
  'follower-reads-its-own': {
    name: '跟随者用自己的状态回答读取',
    story: '它尚未听到的内容不在答复中。',
  },
  'read-before-applied': {
    name: '读取不等待其索引被应用',
    story: '索引是对的，但状态机还没有到达那里。',
  },
  'retry-executed-twice': {
    name: '重试的命令被执行两次',
    story: '答复丢失，客户端再次请求，它的追加出现了两次。',
  },
  'answered-when-appended': {
    name: '领导人一追加就答复客户端',
    story: '在其他节点得到条目之前领导人就下台：已确认的写入丢失。',
  },
  'persisted-before-fsync': {
    name: 'fsync 返回之前就算持久化',
    story: '承诺的投票和条目会因崩溃而消失。',
  },
  'fsync-error-ignored': {
    name: '忽略 fsync 的错误',
    story: '节点当作磁盘已写入而继续。它必须停止：此后的一切都不可信。',
  },
  'damage-cut-off': {
    name: '日志中间的损坏被当作残缺的末尾切掉',
    story: '一个翻转的比特让节点忘记已确认的条目，并照常投票。',
  },
  'snapshot-index-too-low': {
    name: '快照标注的索引早于其内容',
    story: '最后一个条目已在状态中，又再应用一次：快照与状态机的竞争。',
  },
  'old-snapshot-installed': {
    name: '安装比已提交内容更旧的快照',
    story: '迟到的快照副本让状态机倒退。',
  },
}
