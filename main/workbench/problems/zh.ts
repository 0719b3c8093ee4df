import { faultsZh } from './faults-zh'
import { playingZh } from './playing-zh'
import { refusal } from './refusals'
import { refusals } from './refusals-zh'
import { scenariosZh } from './scenarios-zh'
import { bytes, lineIn, type Sentences } from './sentences'

const because = (reason: string): string => (reason === '' ? '' : `（${reason}）`)

const STATES: Readonly<Record<string, string>> = {
  starting: '正在启动',
  running: '运行中',
  paused: '已暂停',
  stopped: '已停止',
  killed: '已杀死',
  crashed: '已崩溃',
  removed: '已移除',
}
/** A process standing (or several, joined by words of ours) as Chinese readers know it. */
const state = (text: string): string =>
  text.replace(/[a-z]+/g, (word) => (word === 'or' ? '或' : (STATES[word] ?? word))).replace(/\s+/g, '')

/** 格式无法表达的客户端调用。 */
const UNTOLD = {
  word: (op: string) => ` ${op} `,
  text: (op: string) => `内容不是文本的 ${op}`,
  nothing: (op: string) => `要求键不存在的 ${op}`,
} as const

export const zh: Sentences = {
  ...faultsZh,
  ...scenariosZh,
  ...playingZh,
  'node-count': ({ given, min, max }) => `集群的节点数须为 ${min} 到 ${max}，不能是 ${given}。请在此范围内选择。`,
  'cluster-name': ({ given }) =>
    `“${given}”不能作集群名。请用 1 到 64 个字母、数字、空格、点、短横线或下划线，并以字母或数字开头。`,
  'cluster-exists': ({ name }) => `名为“${name}”的集群已存在。请打开它，或换一个名字。`,
  'cluster-unknown': ({ name }) => `没有名为“${name}”的集群。请从集群列表中选择。`,
  'cluster-locked': ({ path, pid }) => `${path} 中的集群已在另一个工作台中打开（进程 ${pid}）。请先在那里关闭它。`,
  'cluster-damaged': ({ path, reason }) =>
    `无法打开 ${path} 中的集群${because(reason)}。其文件保持原样；请修复损坏的文件，或新建一个集群。`,
  'cluster-open': ({ name }) => `集群“${name}”正在运行。请先关闭它；其数据和录制都会保留。`,
  'no-cluster': () => '没有正在运行的集群。请先新建一个，或从列表中打开一个。',
  'node-unknown': ({ node, known }) => `此集群中没有节点 ${node}。现有节点：${known}。`,
  'node-state': ({ node, state: now, wanted }) =>
    `节点 ${node} 当前${state(now)}，此操作要求它${state(wanted)}。请先使其处于该状态，再试一次。`,
  'node-crashed': ({ node, reason }) =>
    `节点 ${node} 自行退出了${because(reason)}。其文件已保留；请重新启动它，或在时间线上查看它的事件。`,
  'node-start': ({ node, reason }) => `节点 ${node} 未能启动${because(reason)}。请检查其数据目录，然后再次启动。`,
  'node-timeout': ({ node, millis }) =>
    `节点 ${node} 在 ${millis} 毫秒内没有回应。请稍后再试，或杀死它并从磁盘重新启动。`,
  'node-busy': ({ node, waiting }) =>
    `节点 ${node} 已有${waiting === 0 ? '太多' : ` ${waiting} 个`}请求在等待，不再接受新的请求。未作任何改动；请稍后再试。`,
  'node-exists': ({ node }) =>
    `此集群中已有或曾有节点 ${node}，编号不会重复使用。请另选编号，或留空以使用下一个可用编号。`,
  'link-self': ({ node }) => `节点 ${node} 没有通往自身的链路。请选择两个不同的节点。`,
  'partition-groups': ({ reason }) =>
    `这些分组不能构成网络分区${because(reason)}。每个节点最多属于一组，且须是此集群的节点。`,
  'not-leader': ({ leader }) =>
    leader === '' || leader === '0'
      ? '所请求的节点不是领导人，也还不知道谁是。请稍后再试。'
      : `所请求的节点不是领导人。请改问节点 ${leader}。`,
  'no-leader': ({ millis }) =>
    `${millis} 毫秒内没有领导人接受请求；未作任何改动。请确认多数节点在运行且能互通，然后再试。`,
  'call-unknown': ({ millis }) =>
    `${millis} 毫秒内没有答复。请求可能已生效，也可能没有；请读取该键或查看成员配置来确认。`,
  'cluster-busy': ({ bytes: waiting, max }) =>
    waiting === 0
      ? '等待多数节点存储的数据太多。未作任何改动；请稍后再试，或确认多数节点在运行。'
      : `有 ${bytes(waiting)} 在等待多数节点存储，而最多允许 ${bytes(max)}。未作任何改动；请稍后再试，或确认多数节点在运行。`,
  'session-expired': ({ session }) =>
    `客户端会话${session === 0 ? '' : ` ${session} `}在集群中已过期，因此无法得知该请求此前是否已执行。请读取该键来确认，然后再试：新会话会自动建立。`,
  'key-size': ({ given, max }) => `键须为 1 到 ${max} 字节，而此键有 ${given} 字节。请换一个键。`,
  'value-size': ({ given, max }) =>
    given === 0
      ? `值最多 ${bytes(max)}，而此值会超出。未写入任何内容；请用更小的值。`
      : `值最多 ${bytes(max)}，而此值有 ${given} 字节。未写入任何内容；请用更小的值。`,
  'directory-unwritable': ({ path, reason }) =>
    `无法写入目录 ${path}${because(reason)}。请修改其权限，或用 --home 另选目录。`,
  'address-in-use': ({ path, reason }) => `无法打开套接字 ${path}${because(reason)}。请关闭占用它的程序，然后再试。`,
  'socket-path': ({ path, length, max }) =>
    `套接字路径 ${path} 长 ${length} 字节，而系统只允许 ${max} 字节。请把 TMPDIR 设为更短的目录，再重新启动。`,
  'port-in-use': ({ port }) => `端口 ${port} 已被其他程序占用。请用 --port 另选，或省略 --port 以自动选用空闲端口。`,
  'notes-corrupt': ({ path, reason }) => `无法理解 ${path} 中的注释（${reason}）。文件保持原样：请改正或移走它。`,
  'settings-corrupt': ({ path, reason, kept }) =>
    `无法读取 ${path} 中的设置${because(reason)}。现使用默认设置，原文件已保留为 ${kept}。`,
  'no-recording': () => '没有打开的录制。请先从列表中打开一个。',
  'recording-failed': ({ path, reason }) =>
    `录制 ${path} 无法继续写入${because(reason)}。集群仍在运行；请腾出磁盘空间，再关闭并重新打开集群以开始新的录制。`,
  'recording-unknown': ({ path }) => `${path} 处没有录制。请从列表中选择，或检查路径。`,
  'recording-foreign': ({ path, reason }) =>
    `${path} 不是 Raft Workbench 的录制${because(reason)}。请选择以 .raftrec 结尾的文件。`,
  'recording-version': ({ path, given, known }) =>
    `录制 ${path} 的格式版本为 ${given}，本程序最高支持 ${known}。请用更新的 Raft Workbench 打开。`,
  'recording-truncated': ({ path, offset, events }) =>
    events === 0
      ? `录制 ${path} 在第 ${offset} 字节处被截断，尚在第一个事件之前：没有内容可看。请换用该文件的另一份副本。`
      : `录制 ${path} 在第 ${offset} 字节处的块中途结束。此前的 ${events} 个事件可供查看；其后的内容从未写入。`,
  'recording-corrupt': ({ path, offset }) =>
    `录制 ${path} 在第 ${offset} 字节处损坏：校验和不符。其余事件仍可读取；要看全部，请换用该文件的另一份副本。`,
  'export-failed': ({ path, reason }) =>
    `导出到 ${path} 失败${because(reason)}。那里没有留下文件；请另选空间足够的位置再试。`,
  'export-cancelled': ({ path }) => `导出到 ${path} 已取消，那里没有留下文件。需要时可重新导出。`,
  'export-whole': ({ format }) =>
    `${format} 导出展示每个节点的状态，因此需要所有节点和所有类型的事件。请只选择时间范围。`,
  'export-too-long': ({ format, events, max }) =>
    `${format} 导出最多容纳 ${max} 个事件，而这里有 ${events} 个。请选择较短的范围。`,
  'history-keys': ({ format, keys }) =>
    `${format} 导出只包含一个键的调用，而这里有多个键（${keys}）。请选择其中一个键（命令行用 --key）。`,
  'history-call': ({ format, op, key, event, lack }) =>
    `${format} 导出无法表达${UNTOLD[lack](op)}（事件 ${event}，键 ${key}）；缺了它，正确的应答看上去会像错误。请选择其他键、不含此类调用的范围，或能表达全部调用的 jepsen 格式。`,
  'page-read-only': () =>
    '这是导出的页面：它展示一个录制，这里不能更改任何内容。如需更改，请在 Raft Workbench 中打开该录制。',
  'import-cancelled': ({ path }) => `读取 ${path} 已取消，没有生成录制。需要时可重新打开。`,
  'import-foreign': ({ path }) =>
    `${path} 不是这里能打开的文件。请选择录制（.raftrec）、Raft Workbench 的 JSON Lines、ShiViz 日志或 Jepsen 历史（EDN）。`,
  'record-corrupt': ({ file, offset, record, reason }) =>
    `${file} 第 ${offset} 字节处的第 ${record} 条记录已损坏${because(reason)}。为避免丢失已确认的数据，该节点不参与集群；请在其余节点构成多数时由它们重建该节点，或恢复此文件。`,
  'snapshot-corrupt': ({ file, offset, reason }) =>
    `快照 ${file} 在第 ${offset} 字节处损坏${because(reason)}。为避免丢失已确认的数据，该节点不参与集群；请在其余节点构成多数时由它们重建该节点，或恢复此文件。`,
  'fork-refused': ({ reason, index }) =>
    refusal(refusals.fork, reason, index) ?? `无法从这一时刻创建分支${because(reason)}。请另选一个时刻。`,
  'fork-cancelled': () => '创建分支已取消，新集群没有留下任何内容。需要时可再试一次。',
  'change-refused': ({ reason, node }) =>
    refusal(refusals.change, reason, node) ??
    `成员配置未变更${node === 0 ? '' : `（节点 ${node}）`}${because(reason)}。请查看领导人所用的配置，然后再试。`,
  'transfer-refused': ({ reason, node }) =>
    refusal(refusals.transfer, reason, node) ??
    `领导权未移交${node === 0 ? '' : `给节点 ${node}`}${because(reason)}。请查看现在的领导人，然后再试。`,
  'snapshot-refused': ({ reason, node }) =>
    refusal(refusals.snapshot, reason, node) ?? `节点 ${node} 没有做快照${because(reason)}。请查看其状态，然后再试。`,
  'settings-invalid': ({ setting, reason }) =>
    `设置“${setting}”不能取此值${because(reason)}。未作任何改动；请另选一个值。`,
  'identity-mismatch': ({ path, found, wanted }) =>
    `目录 ${path} 属于 ${found}，而不是 ${wanted}。请把各节点的目录还原到原处。`,
  'storage-version': ({ path, given, known }) =>
    `${path} 的存储格式版本为 ${given}，本程序只认识 ${known}。请用更新的 Raft Workbench 打开。`,
  'disk-failed': ({ path, operation, reason }) =>
    `对 ${path} 执行 ${operation} 时磁盘出错${because(reason)}。该节点已停止，以免再信任此磁盘；请检查磁盘及其剩余空间，然后重新启动节点。`,
  'frame-malformed': ({ peer, reason }) =>
    `收到来自 ${peer} 的畸形帧${because(reason)}。该帧及其连接已丢弃，连接会自动重新建立。`,
  usage: ({ reason }) => `用法有误：${reason} 用 --help 查看可用的命令和选项。`,
  'bad-input': ({ where, reason }) => {
    const { file, line } = lineIn(where)
    return line === ''
      ? `${where} 的输入无效${because(reason)}。请改正后再试。`
      : `文件${file === '' ? '' : ` ${file} `}违反其格式的规则：第 ${line} 行无效${because(reason)}。没有由它生成任何内容；请改正该行后再试。`
  },
  'unreadable-file': ({ path, reason }) => `无法读取 ${path}${because(reason)}。请确认它存在且您有读取权限。`,
  internal: ({ reason }) => `工作台内部出错${because(reason)}。您的数据仍在磁盘上；请附上日志文件报告此问题。`,
}
