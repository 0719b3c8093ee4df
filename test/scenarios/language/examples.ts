/** A step of every kind, with each condition, and what it says. */
export const EXAMPLES: readonly { readonly yaml: string; readonly en: string; readonly zh: string }[] = [
  {
    yaml: 'sleep: 500ms',
    en: 'Let 500 ms pass',
    zh: '等待 500 毫秒',
  },
  {
    yaml: 'wait: { leader: { is: 2 } }\n    within: 5s',
    en: 'Wait until n2 leads, at most 5 s',
    zh: '等到：n2 是领导人，最多 5 秒',
  },
  {
    yaml: "wait: [{ leader: { isNot: $old, term: '>= 2', followed: all } }, { answer: { call: write } }]",
    en: 'Wait until somebody other than “old” leads in a term that is at least 2, followed by all others, and the call “write” is answered',
    zh: '等到：“old”以外的节点是领导人，任期至少为 2，其余节点都跟随它；调用“write”已有答复',
  },
  {
    yaml: 'expect: { noLeader: true }',
    en: 'Expect that nobody leads',
    zh: '期望：没有领导人',
  },
  {
    yaml: 'wait: { leader: { followed: 2 } }',
    en: 'Wait until there is a leader, followed by at least 2 others',
    zh: '等到：有领导人，至少 2 个节点跟随它',
  },
  {
    yaml: 'wait: { log: { of: [1, 2], terms: [1, 1, 2] } }',
    en: 'Wait until the logs of n1 and n2 have the terms 1, 1, 2',
    zh: '等到：n1 和 n2 的日志任期依次为 1、1、2',
  },
  {
    yaml: 'wait: { log: { of: 1, terms: [], from: 3 } }',
    en: 'Wait until the log of n1 is empty from index 3 on',
    zh: '等到：n1 的日志从索引 3 起为空',
  },
  {
    yaml: 'wait: { sameLogs: all }',
    en: 'Wait until the logs of all nodes are the same',
    zh: '等到：所有节点的日志相同',
  },
  {
    yaml: 'wait: { held: { from: 1, to: [2, 3], message: RequestVote, count: 2 } }',
    en: 'Wait until 2 RequestVote messages from n1 to n2 and n3 are held',
    zh: '等到：暂扣着 n1 发往 n2 和 n3 的 2 条 RequestVote 消息',
  },
  {
    yaml: 'wait: { held: { count: 0 } }',
    en: 'Wait until no messages are held',
    zh: '等到：没有暂扣消息',
  },
  {
    yaml: 'wait: { held: { from: 1 } }',
    en: 'Wait until messages from n1 are held',
    zh: '等到：暂扣着 n1 发出的消息',
  },
  {
    yaml: "wait: { answer: { call: write, outcome: ok, value: '1', index: '>= 2' } }",
    en: 'Wait until the call “write” is done, the value is “1”, index is at least 2',
    zh: '等到：调用“write”已完成，值为“1”，index 至少为 2',
  },
  {
    yaml: 'wait: { configuration: { of: [1, leader], voters: [1, 2, 3], outgoing: [], learners: [4], committed: true } }',
    en: 'Wait until n1 and the leader go by the configuration (voters n1, n2 and n3; no outgoing voters; learners n4; committed)',
    zh: '等到：n1 和领导人所依的配置为（投票者 n1、n2 和 n3；没有离任投票者；学习者 n4；已提交）',
  },
  {
    yaml: 'wait: { event: { kind: truncated, node: 3, where: { fromIndex: 2 } } }',
    en: 'Wait until the event “truncated” of n3 (fromIndex = 2) was told',
    zh: '等到：n3 的事件“truncated”（fromIndex = 2）已出现',
  },
  {
    yaml: "wait: { event: { kind: remark, where: { name: vote-denied }, count: '>= 2', since: begin } }",
    en: 'Wait until the event “remark” (name = “vote-denied”) was told at least 2 times since the beginning',
    zh: '等到：事件“remark”（name = “vote-denied”）自开始以来已出现至少 2 次',
  },
  {
    yaml: 'wait: { stopped: { node: 2, kind: role } }',
    en: 'Wait until the whole cluster stands at a breakpoint that n2 hit (event “role”)',
    zh: '等到：整个集群已停住，由 n2 触发断点（事件“role”）',
  },
  {
    yaml: 'wait: { stopped: true }',
    en: 'Wait until the whole cluster stands',
    zh: '等到：整个集群已停住',
  },
  {
    yaml: "expect: [{ node: { is: $old, standing: running, role: follower, term: 2, votedFor: 0, commitIndex: '<= 1' } }, { unanswered: write }, { not: { committed: { index: 3, term: 2, by: all } } }]",
    en: 'Expect that “old” runs, is a follower, is in term 2, has voted for nobody and has a commitIndex that is at most 1; the call “write” has no answer yet; it is not so that all nodes know entry 3 of term 2 to be committed',
    zh: '期望：“old”在运行，是跟随者，任期为 2，未投票，commitIndex 至多为 1；调用“write”尚无答复；并非：所有节点已知条目 3（任期 2）已提交',
  },
  {
    yaml: "expect: { entry: { of: [2, 3], index: 2, term: 1, key: x, value: '1', durable: true } }\n    within: 200ms",
    en: 'Expect that n2 and n3 have entry 2 (term 1, x = “1”, on disk), within 200 ms',
    zh: '期望：n2 和 n3 有条目 2（任期 1，x = “1”，已落盘），在 200 毫秒之内',
  },
  {
    yaml: 'expect: { entry: { of: all, index: 2, absent: true } }',
    en: 'Expect that all nodes have no entry 2',
    zh: '期望：所有节点没有条目 2',
  },
  {
    yaml: 'expect: { leaders: { term: 3, count: 1 } }',
    en: 'Expect that term 3 had 1 leader',
    zh: '期望：任期 3 中有 1 个领导人',
  },
  {
    yaml: 'let: { second: leader, third: 3 }',
    en: 'From here on call the leader “second” and n3 “third”',
    zh: '从此把领导人叫作“second”，把 n3 叫作“third”',
  },
  {
    yaml: 'kill: leader',
    en: 'Kill the leader',
    zh: '杀死领导人',
  },
  {
    yaml: 'stop: [1, 2]',
    en: 'Stop n1 and n2',
    zh: '停止 n1 和 n2',
  },
  {
    yaml: 'start: $old\n    refused: node-start',
    en: 'Start “old”; must be refused: node-start',
    zh: '启动“old”；必须被拒绝：node-start',
  },
  {
    yaml: 'pause: followers',
    en: 'Pause the followers',
    zh: '暂停各跟随者',
  },
  {
    yaml: 'resume: all',
    en: 'Resume all nodes',
    zh: '继续运行所有节点',
  },
  {
    yaml: 'restart: 3',
    en: 'Restart n3',
    zh: '重启 n3',
  },
  {
    yaml: 'rebuild: 3\n    within: 30s',
    en: 'Empty the disk of n3, and let it join again, at most 30 s',
    zh: '清空 n3 的磁盘，让它重新加入，最多 30 秒',
  },
  {
    yaml: 'add: { role: learner, node: 6, name: newcomer }',
    en: 'Add a learner, as n6, and call it “newcomer”',
    zh: '添加一个学习者，编号 n6，叫作“newcomer”',
  },
  {
    yaml: 'remove: 3',
    en: 'Take n3 out of the cluster',
    zh: '把 n3 移出集群',
  },
  {
    yaml: 'change: { changes: [{ add: 3, role: learner }, { remove: 2 }], mode: joint, background: true }',
    en: 'Change the membership by joint consensus: n3 becomes a learner and n2 leaves, without waiting for it',
    zh: '变更成员（联合共识）：n3 成为学习者，n2 离开，不等其完成',
  },
  {
    yaml: 'transfer: best',
    en: 'Hand leadership over to whoever is best',
    zh: '把领导权移交给最合适的节点',
  },
  {
    yaml: 'transfer: 2\n    background: true',
    en: 'Hand leadership over to n2, without waiting for it',
    zh: '把领导权移交给 n2，不等其完成',
  },
  {
    yaml: 'snapshot: leader',
    en: 'Let the leader take a snapshot',
    zh: '让领导人做一次快照',
  },
  {
    yaml: "put: { key: x, value: '1', name: other, background: true }",
    en: 'A client writes x = “1” (call “other”), and is not waited for',
    zh: '客户端写入 x = “1”（调用“other”），不等答复',
  },
  {
    yaml: "put: { key: x, value: '1', timeout: 2s, answer: { outcome: failed, problem: not-leader } }",
    en: 'A client writes x = “1”, for 2 s at most; expected: it has failed, because of not-leader',
    zh: '客户端写入 x = “1”，最多等 2 秒；期望：已失败，原因 not-leader',
  },
  {
    yaml: "append: { key: x, value: '2', via: 2 }",
    en: 'A client appends “2” to x, asking n2 only',
    zh: '客户端把“2”追加到 x，只问 n2',
  },
  {
    yaml: "cas: { key: x, expected: null, value: '3' }",
    en: 'A client writes x = “3” if there is none yet',
    zh: '客户端写入 x = “3”（仅当尚无此键）',
  },
  {
    yaml: "cas: { key: x, expected: '2', value: '3' }",
    en: 'A client writes x = “3” if it is “2”',
    zh: '客户端写入 x = “3”（仅当原值为“2”）',
  },
  {
    yaml: 'delete: { key: x }',
    en: 'A client deletes x',
    zh: '客户端删除 x',
  },
  {
    yaml: "get: { key: x, via: 2, read: stale, answer: { found: true, value: '1' } }",
    en: 'A client reads x as the node has it, asking n2 only; expected: it is answered, something was found, the value is “1”',
    zh: '客户端读取 x（按该节点所有，可能陈旧），只问 n2；期望：已有答复，找到了，值为“1”',
  },
  {
    yaml: 'block: { from: 1, to: 2 }',
    en: 'Cut the link from n1 to n2',
    zh: '切断从 n1 到 n2 的链路',
  },
  {
    yaml: 'block: { from: 1, both: true }',
    en: 'Cut all links of n1',
    zh: '切断 n1 的所有链路',
  },
  {
    yaml: 'heal: all',
    en: 'Heal every fault',
    zh: '恢复所有故障',
  },
  {
    yaml: 'heal: {}',
    en: 'Take back cuts and rules of all links',
    zh: '取消所有链路上的切断与规则',
  },
  {
    yaml: 'heal: { to: 3 }',
    en: 'Take back cuts and rules of the links to n3',
    zh: '取消通往 n3 的链路上的切断与规则',
  },
  {
    yaml: 'partition: [[1, 2], [3]]',
    en: 'Cut the links between these groups: n1 and n2 | n3',
    zh: '切断各组之间的链路：n1 和 n2｜n3',
  },
  {
    yaml: 'preset: { pattern: deaf, at: 2 }',
    en: 'Make n2 deaf: it hears nobody',
    zh: '让 n2 失聪：它听不到任何节点',
  },
  {
    yaml: 'preset: { pattern: flaky }',
    en: 'Make all links flaky: they lose, double and reorder',
    zh: '让所有链路抖动：丢弃、重复、乱序',
  },
  {
    yaml: 'rules: { from: 1, rules: [{ messages: [AppendEntries], action: { type: shape, delayMs: 50, dropPercent: 10 } }, { messages: [], action: { type: hold } }] }',
    en: 'On the links from n1 from here on: delay 50 ms, lose 10 % (AppendEntries); hold (all messages)',
    zh: '从此在从 n1 出发的链路上：延迟 50 毫秒、丢弃 10 %（AppendEntries）；暂扣（所有消息）',
  },
  {
    yaml: 'rules: { from: 1, to: 2, both: true, rules: [] }',
    en: 'Take back the rules of the links between n1 and n2',
    zh: '取消 n1 与 n2 之间的链路上的规则',
  },
  {
    yaml: 'hold: { from: leader, messages: [AppendEntries, RequestVote] }',
    en: 'Hold all AppendEntries and RequestVote messages from the leader',
    zh: '暂扣领导人发出的所有 AppendEntries 和 RequestVote 消息',
  },
  {
    yaml: 'hold: {}',
    en: 'Hold all messages',
    zh: '暂扣所有消息',
  },
  {
    yaml: 'release: { from: 1, to: 2, message: AppendEntries, count: 1 }',
    en: 'Release 1 held AppendEntries message from n1 to n2',
    zh: '放行 n1 发往 n2 的 1 条暂扣的 AppendEntries 消息',
  },
  {
    yaml: 'release: { from: 1, to: [2, 3] }',
    en: 'Release all held messages from n1 to n2 and n3',
    zh: '放行 n1 发往 n2 和 n3 的所有暂扣的消息',
  },
  {
    yaml: 'drop: { to: 3, count: 2 }',
    en: 'Drop 2 held messages to n3, on each link',
    zh: '丢弃发往 n3 的每条链路各 2 条暂扣的消息',
  },
  {
    yaml: 'duplicate: { from: 1, to: 2, count: 1 }',
    en: 'Double 1 held message from n1 to n2',
    zh: '复制 n1 发往 n2 的 1 条暂扣的消息',
  },
  {
    yaml: 'reorder: { from: 1, to: 2, count: 2 }',
    en: 'Put the last of 2 held messages from n1 to n2 before the others',
    zh: '把 n1 发往 n2 的 2 条暂扣的消息中的最后一条移到最前',
  },
  {
    yaml: 'edit: { from: 1, to: 2, message: RequestVote, count: 1, set: { term: 7 } }',
    en: 'Release 1 held RequestVote message from n1 to n2, changed: term = 7',
    zh: '放行 n1 发往 n2 的 1 条暂扣的 RequestVote 消息，并改为 term = 7',
  },
  {
    yaml: 'clock: { of: [1, 2], mode: manual }',
    en: 'Let the clocks of n1 and n2 stand still',
    zh: '让 n1 和 n2 的时钟停住',
  },
  {
    yaml: 'clock: { of: 2, rate: 2 }',
    en: 'Let the clock of n2 run 2 times as fast',
    zh: '让 n2 的时钟以 2 倍速走',
  },
  {
    yaml: 'clock: { of: all }',
    en: 'Let the clocks of all nodes run',
    zh: '让所有节点的时钟正常走',
  },
  {
    yaml: 'jump: { of: leader, ms: 5000 }',
    en: 'Move the clock of the leader ahead by 5 s',
    zh: '把领导人的时钟拨快 5 秒',
  },
  {
    yaml: 'jump: { of: 1, ms: -250 }',
    en: 'Let the clock of n1 stand for 250 ms',
    zh: '让 n1 的时钟停住 250 毫秒',
  },
  {
    yaml: 'fire: 2',
    en: 'Fire the timer of n2',
    zh: '触发 n2 的计时器',
  },
  {
    yaml: 'arm: { of: 1, fault: { type: crash-point, point: after-write, messages: [], nth: 1 } }',
    en: 'Put a fault into n1: it crashes right after its next write',
    zh: '给 n1 放入故障：它在下一次写入之后崩溃',
  },
  {
    yaml: 'arm: { of: 1, fault: { type: crash-point, point: before-send, messages: [RequestVoteReply], nth: 3 } }',
    en: 'Put a fault into n1: it crashes just before it sends RequestVoteReply for the 3rd time from now',
    zh: '给 n1 放入故障：它在第 3 次发送 RequestVoteReply 之前崩溃',
  },
  {
    yaml: 'arm: { of: 1, fault: { type: slow-disk, delayMs: 20, jitterMs: 5, seed: 1 } }',
    en: 'Put a fault into n1: its disk takes 20 ± 5 ms longer',
    zh: '给 n1 放入故障：它的磁盘每次多花 20 ± 5 毫秒',
  },
  {
    yaml: 'arm: { of: 1, fault: { type: disk-error, code: EIO, count: null } }',
    en: 'Put a fault into n1: its disk fails with EIO, until it is healed',
    zh: '给 n1 放入故障：它的磁盘报错 EIO，直到恢复',
  },
  {
    yaml: 'arm: { of: 1, fault: { type: torn-write, keepBytes: 7, seed: 1 } }',
    en: 'Put a fault into n1: it dies in its next write, which leaves only its first 7 bytes',
    zh: '给 n1 放入故障：它在下一次写入中死亡，只留下开头 7 个字节',
  },
  {
    yaml: 'arm: { of: leader, fault: { type: power-loss, at: next-write, seed: 1 } }',
    en: 'Put a fault into the leader: it loses power during its next write',
    zh: '给领导人放入故障：它在下一次写入期间断电',
  },
  {
    yaml: 'flip: { of: 3, record: -1 }',
    en: 'Flip one bit of the last record on the disk of n3',
    zh: '翻转 n3 磁盘上最后一条记录的一个位',
  },
  {
    yaml: 'flip: { of: 3, file: log-1, record: 4, bit: 7 }',
    en: 'Flip bit 7 of record 4 in the file log-1 of n3',
    zh: '翻转 n3 的文件 log-1 中第 4 条记录的第 7 位',
  },
  {
    yaml: "breakpoint: 'n2: commitIndex >= 10'",
    en: 'Stop the whole cluster when: “n2: commitIndex >= 10”',
    zh: '设断点，遇“n2: commitIndex >= 10”则停住整个集群',
  },
  {
    yaml: 'halt: true',
    en: 'Stop the whole cluster now',
    zh: '立刻停住整个集群',
  },
  {
    yaml: 'continue: true',
    en: 'Let the whole cluster go on',
    zh: '让整个集群继续',
  },
  {
    yaml: 'step: { of: 2 }',
    en: 'Let n2 go on to its next event',
    zh: '让 n2 走到下一个事件',
  },
  {
    yaml: 'step: { of: 2, kind: role }',
    en: 'Let n2 go on to its next event “role”',
    zh: '让 n2 走到下一个“role”事件',
  },
  {
    yaml: 'workload: { pace: { type: closed, clients: 4 }, seed: 1, durationMs: 2000 }',
    en: '4 clients call for 2 s, beside the next steps',
    zh: '4 个客户端不断调用，持续 2 秒，与后续步骤同时进行',
  },
  {
    yaml: 'workload: { pace: { type: open, perSecond: 100 }, seed: 1, durationMs: null }',
    en: '100 calls per second begin from here on, beside the next steps',
    zh: '每秒发起 100 次调用，从此开始，与后续步骤同时进行',
  },
  {
    yaml: 'endWorkload: load',
    en: 'End the load “load”',
    zh: '结束负载“load”',
  },
  {
    yaml: 'nemesis: { seed: 7, durationMs: 5000, packages: { process: { perMinute: 30 }, disk: { perMinute: 6 } } }\n    background: true',
    en: 'Random faults of processes and disks for 5 s (seed 7), then healing and 5 s of quiet, beside the next steps',
    zh: '随机故障（进程和磁盘），持续 5 秒（种子 7），然后恢复并静候 5 秒，与后续步骤同时进行',
  },
  {
    yaml: 'configure: { preVote: true, heartbeatMs: 20 }',
    en: 'Set preVote = true, heartbeatMs = 20; nodes go by it from their next start',
    zh: '设定 preVote = true, heartbeatMs = 20；节点下次启动后生效',
  },
  {
    yaml: 'move: { from: 1, to: 2, nth: 3, place: 1 }',
    en: 'Put held message 3 from n1 to n2 at place 1',
    zh: '把 n1 发往 n2 的第 3 条暂扣的消息移到第 1 位',
  },
  {
    yaml: 'endFault: slow',
    en: 'End the fault “slow”',
    zh: '结束故障“slow”',
  },
  {
    yaml: 'hold: { to: 3 }\n    name: held',
    en: 'Hold all messages to n3 (fault “held”)',
    zh: '暂扣发往 n3 的所有消息（故障“held”）',
  },
  {
    yaml: 'flip: { of: 3, record: 2 }\n    name: bit',
    en: 'Flip one bit of record 2 on the disk of n3 (fault “bit”)',
    zh: '翻转 n3 磁盘上第 2 条记录的一个位（故障“bit”）',
  },
  {
    yaml: 'breakpoint: leader elected\n    name: stop',
    en: 'Stop the whole cluster when: “leader elected” (breakpoint “stop”)',
    zh: '设断点，遇“leader elected”则停住整个集群（断点“stop”）',
  },
  {
    yaml: 'changeBreakpoint: { name: elected, text: vote refused, enabled: true }',
    en: 'Change the breakpoint “elected”: stop when “vote refused”, turn it on',
    zh: '更改断点“elected”：改为遇“vote refused”则停，启用',
  },
  {
    yaml: 'changeBreakpoint: { name: elected, enabled: false }',
    en: 'Change the breakpoint “elected”: turn it off',
    zh: '更改断点“elected”：停用',
  },
  {
    yaml: 'removeBreakpoint: elected',
    en: 'Remove the breakpoint “elected”',
    zh: '删除断点“elected”',
  },
  {
    yaml: 'endNemesis: true',
    en: 'End the random faults, and heal everything',
    zh: '结束随机故障，并全部恢复',
  },
]
