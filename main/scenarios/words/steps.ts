/** What each kind of step does, as a sentence. */
import type { StepKind, StepOf } from '../language/steps'
import type { Links } from '../language/values'
import { answerWords, plainConditions } from './conditions'
import { nemesisWords, nodeFaultWords, presetWords, ruleWords, workloadWords } from './faults'
import {
  durationWords,
  fieldsText,
  isMany,
  isOneLink,
  joined,
  linkWords,
  listed,
  messageWords,
  millisWords,
  NOTHING,
  quoted,
  type Text,
  wayWords,
  whomWords,
  whoWords,
} from './values'

type Words = { readonly [K in StepKind]: (step: StepOf<K>) => Text }

/** The compiler keeps it complete. */
export const STEP_WORDS: Words = {
  note: () => NOTHING,
  sleep: ({ sleep }) => around(durationWords(sleep), 'Let ', ' pass', '等待', ''),
  wait: ({ wait }) => around(plainConditions(wait), 'Wait until ', '', '等到：', ''),
  expect: ({ expect }) => around(plainConditions(expect), 'Expect that ', '', '期望：', ''),
  let: (step) => {
    const named = Object.entries(step.let).map(([name, who]) => {
      const { en, zh } = whoWords(who)
      return { en: `${en} ${quoted(name)}`, zh: `把${zh}叫作${quoted(name)}` }
    })
    return { en: `From here on call ${listed(named).en}`, zh: `从此${joined(named, '', '，').zh}` }
  },

  kill: ({ kill }) => around(whomWords(kill), 'Kill ', '', '杀死', ''),
  stop: ({ stop }) => around(whomWords(stop), 'Stop ', '', '停止', ''),
  start: ({ start }) => around(whomWords(start), 'Start ', '', '启动', ''),
  pause: ({ pause }) => around(whomWords(pause), 'Pause ', '', '暂停', ''),
  resume: ({ resume }) => around(whomWords(resume), 'Resume ', '', '继续运行', ''),
  restart: ({ restart }) => around(whomWords(restart), 'Restart ', '', '重启', ''),
  rebuild: ({ rebuild }) =>
    around(whoWords(rebuild), 'Empty the disk of ', ', and let it join again', '清空', '的磁盘，让它重新加入'),

  add: ({ add: { role, node, name } }) => {
    const as = ROLES[role]
    const number: Text = node === undefined ? NOTHING : { en: `, as n${node}`, zh: `，编号 n${node}` }
    const called: Text =
      name === undefined ? NOTHING : { en: `, and call it ${quoted(name)}`, zh: `，叫作${quoted(name)}` }
    return { en: `Add a ${as.en}${number.en}${called.en}`, zh: `添加一个${as.zh}${number.zh}${called.zh}` }
  },
  remove: ({ remove }) => around(whoWords(remove), 'Take ', ' out of the cluster', '把', '移出集群'),
  change: ({ change: { changes, mode, background } }) => {
    const all = changes.map((change): Text => {
      if ('remove' in change) return around(whoWords(change.remove), '', ' leaves', '', '离开')
      const as = ROLES[change.role]
      return around(whoWords(change.add), '', ` becomes a ${as.en}`, '', `成为${as.zh}`)
    })
    const how: Text = {
      auto: NOTHING,
      joint: { en: ' by joint consensus', zh: '（联合共识）' },
      single: { en: ' one at a time', zh: '（逐个）' },
    }[mode]
    const later = unawaited(background)
    return {
      en: `Change the membership${how.en}: ${listed(all).en}${later.en}`,
      zh: `变更成员${how.zh}：${joined(all, '', '，').zh}${later.zh}`,
    }
  },
  transfer: ({ transfer, background }) => {
    const to: Text = transfer === 'best' ? { en: 'whoever is best', zh: '最合适的节点' } : whoWords(transfer)
    return joined([around(to, 'Hand leadership over to ', '', '把领导权移交给', ''), unawaited(background)], '', '')
  },
  snapshot: ({ snapshot }) => around(whoWords(snapshot), 'Let ', ' take a snapshot', '让', '做一次快照'),

  put: ({ put }) =>
    call(put, { en: `writes ${put.key} = ${quoted(put.value)}`, zh: `写入 ${put.key} = ${quoted(put.value)}` }),
  append: ({ append }) =>
    call(append, {
      en: `appends ${quoted(append.value)} to ${append.key}`,
      zh: `把${quoted(append.value)}追加到 ${append.key}`,
    }),
  cas: ({ cas }) => {
    const { expected } = cas
    const when: Text =
      expected === null
        ? { en: 'if there is none yet', zh: '（仅当尚无此键）' }
        : { en: `if it is ${quoted(expected)}`, zh: `（仅当原值为${quoted(expected)}）` }
    const what = `${cas.key} = ${quoted(cas.value)}`
    return call(cas, { en: `writes ${what} ${when.en}`, zh: `写入 ${what}${when.zh}` })
  },
  delete: (step) => call(step.delete, { en: `deletes ${step.delete.key}`, zh: `删除 ${step.delete.key}` }),
  get: ({ get }) => {
    const how: Text = {
      index: NOTHING,
      lease: { en: " by the leader's lease", zh: '（凭租约）' },
      stale: { en: ' as the node has it', zh: '（按该节点所有，可能陈旧）' },
      log: { en: ' through the log', zh: '（经日志）' },
    }[get.read]
    return call(get, { en: `reads ${get.key}${how.en}`, zh: `读取 ${get.key}${how.zh}` })
  },

  block: ({ block }) => around(linkWords(block), 'Cut ', '', '切断', ''),
  heal: ({ heal }) =>
    heal === 'all'
      ? { en: 'Heal every fault', zh: '恢复所有故障' }
      : around(linkWords(heal), 'Take back cuts and rules of ', '', '取消', '上的切断与规则'),
  partition: ({ partition }) => {
    const groups = joined(
      partition.map((group) => listed(group.map(whoWords))),
      ' | ',
      '｜',
    )
    return around(groups, 'Cut the links between these groups: ', '', '切断各组之间的链路：', '')
  },
  preset: ({ preset: { pattern, at }, name }) =>
    joined([presetWords(pattern, at === undefined ? NOTHING : whoWords(at)), called('fault', '故障', name)], '', ''),
  rules: ({ rules: { rules, seed: _, ...links }, name }) => {
    const on = linkWords(links)
    if (rules.length === 0) return around(on, 'Take back the rules of ', '', '取消', '上的规则')
    const all = joined(rules.map(ruleWords), '; ', '；')
    const fault = called('fault', '故障', name)
    return { en: `On ${on.en} from here on: ${all.en}${fault.en}`, zh: `从此在${on.zh}上：${all.zh}${fault.zh}` }
  },
  hold: ({ hold: { messages, ...links }, name }) => {
    const what = messageWords(messages, links, { en: 'all ', zh: '所有' })
    return joined([around(what, 'Hold ', '', '暂扣', ''), called('fault', '故障', name)], '', '')
  },
  release: ({ release }) => around(heldWords(release), 'Release ', '', '放行', ''),
  drop: ({ drop }) => around(heldWords(drop), 'Drop ', '', '丢弃', ''),
  duplicate: ({ duplicate }) => around(heldWords(duplicate), 'Double ', '', '复制', ''),
  reorder: ({ reorder }) =>
    around(heldWords(reorder), 'Put the last of ', ' before the others', '把', '中的最后一条移到最前'),
  move: ({ move: { from, to, nth, place } }) => {
    const way = wayWords({ from, to, both: false })
    return {
      en: `Put held message ${nth} ${way.en} at place ${place}`,
      zh: `把${way.zh}的第${nth}条暂扣的消息移到第${place}位`,
    }
  },
  edit: ({ edit: { set, ...wish } }) => {
    const fields = fieldsText(set)
    return around(heldWords(wish), 'Release ', `, changed: ${fields}`, '放行', `，并改为 ${fields}`)
  },

  clock: ({ clock: { of, mode, rate } }) => {
    const who = whomWords(of)
    const noun = isMany(of) ? 'clocks' : 'clock'
    if (mode === 'manual') return { en: `Let the ${noun} of ${who.en} stand still`, zh: `让${who.zh}的时钟停住` }
    return rate === 1
      ? { en: `Let the ${noun} of ${who.en} run`, zh: `让${who.zh}的时钟正常走` }
      : { en: `Let the ${noun} of ${who.en} run ${rate} times as fast`, zh: `让${who.zh}的时钟以 ${rate} 倍速走` }
  },
  jump: ({ jump: { of, ms } }) => {
    const who = whomWords(of)
    const noun = isMany(of) ? 'clocks' : 'clock'
    const long = millisWords(Math.abs(ms))
    return ms < 0
      ? { en: `Let the ${noun} of ${who.en} stand for ${long.en}`, zh: `让${who.zh}的时钟停住${long.zh}` }
      : { en: `Move the ${noun} of ${who.en} ahead by ${long.en}`, zh: `把${who.zh}的时钟拨快${long.zh}` }
  },
  fire: ({ fire }) => around(whoWords(fire), 'Fire the timer of ', '', '触发', '的计时器'),

  arm: ({ arm: { of, fault }, name }) => {
    const [who, what, as] = [whoWords(of), nodeFaultWords(fault), called('fault', '故障', name)]
    return { en: `Put a fault into ${who.en}: ${what.en}${as.en}`, zh: `给${who.zh}放入故障：${what.zh}${as.zh}` }
  },
  flip: ({ flip: { of, file, record, bit }, name }) => {
    const who = whoWords(of)
    const which: Text =
      record > 0
        ? { en: `record ${record}`, zh: `第${record}条记录` }
        : record >= -1
          ? { en: 'the last record', zh: '最后一条记录' }
          : { en: `record ${-record} from the end`, zh: `倒数第${-record}条记录` }
    const where: Text =
      file === undefined
        ? { en: `on the disk of ${who.en}`, zh: `${who.zh}磁盘上` }
        : { en: `in the file ${file} of ${who.en}`, zh: `${who.zh}的文件 ${file} 中` }
    const one: Text = bit === undefined ? { en: 'one bit', zh: '一个位' } : { en: `bit ${bit}`, zh: `第${bit}位` }
    const as = called('fault', '故障', name)
    return {
      en: `Flip ${one.en} of ${which.en} ${where.en}${as.en}`,
      zh: `翻转${where.zh}${which.zh}的${one.zh}${as.zh}`,
    }
  },

  endFault: ({ endFault }) => ({ en: `End the fault ${quoted(endFault)}`, zh: `结束故障${quoted(endFault)}` }),

  breakpoint: ({ breakpoint, name }) => {
    const stop = {
      en: `Stop the whole cluster when: ${quoted(breakpoint)}`,
      zh: `设断点，遇${quoted(breakpoint)}则停住整个集群`,
    }
    return joined([stop, called('breakpoint', '断点', name)], '', '')
  },
  changeBreakpoint: ({ changeBreakpoint: { name, text, enabled } }) => {
    const parts: Text[] = [
      ...(text === undefined ? [] : [{ en: `stop when ${quoted(text)}`, zh: `改为遇${quoted(text)}则停` }]),
      ...(enabled === undefined
        ? []
        : [enabled ? { en: 'turn it on', zh: '启用' } : { en: 'turn it off', zh: '停用' }]),
    ]
    return around(
      joined(parts, ', ', '，'),
      `Change the breakpoint ${quoted(name)}: `,
      '',
      `更改断点${quoted(name)}：`,
      '',
    )
  },
  removeBreakpoint: ({ removeBreakpoint }) => ({
    en: `Remove the breakpoint ${quoted(removeBreakpoint)}`,
    zh: `删除断点${quoted(removeBreakpoint)}`,
  }),
  halt: () => ({ en: 'Stop the whole cluster now', zh: '立刻停住整个集群' }),
  continue: () => ({ en: 'Let the whole cluster go on', zh: '让整个集群继续' }),
  step: ({ step: { of, kind } }) => {
    const what: Text =
      kind === undefined ? { en: '', zh: '下一个事件' } : { en: ` ${quoted(kind)}`, zh: `下一个${quoted(kind)}事件` }
    return around(whoWords(of), 'Let ', ` go on to its next event${what.en}`, '让', `走到${what.zh}`)
  },

  workload: ({ workload, name }) => {
    const called: Text = name === undefined ? NOTHING : { en: ` (${quoted(name)})`, zh: `（${quoted(name)}）` }
    return joined([workloadWords(workload), called], '', '')
  },
  endWorkload: ({ endWorkload }) => ({
    en: `End the load ${quoted(endWorkload)}`,
    zh: `结束负载${quoted(endWorkload)}`,
  }),
  nemesis: ({ nemesis, background }) => {
    const beside: Text = background ? { en: ', beside the next steps', zh: '，与后续步骤同时进行' } : NOTHING
    return joined([nemesisWords(nemesis), beside], '', '')
  },
  endNemesis: () => ({ en: 'End the random faults, and heal everything', zh: '结束随机故障，并全部恢复' }),
  configure: ({ configure }) => ({
    en: `Set ${fieldsText(configure)}; nodes go by it from their next start`,
    zh: `设定 ${fieldsText(configure)}；节点下次启动后生效`,
  }),
}

const ROLES = {
  voter: { en: 'voter', zh: '投票者' },
  learner: { en: 'learner', zh: '学习者' },
  witness: { en: 'witness', zh: '见证者' },
} as const

function around({ en, zh }: Text, before: string, after: string, beforeZh: string, afterZh: string): Text {
  return { en: `${before}${en}${after}`, zh: `${beforeZh}${zh}${afterZh}` }
}

/** For later steps. */
function called(en: string, zh: string, name: string | undefined): Text {
  return name === undefined ? NOTHING : { en: ` (${en} ${quoted(name)})`, zh: `（${zh}${quoted(name)}）` }
}

function unawaited(background: boolean): Text {
  return background ? { en: ', without waiting for it', zh: '，不等其完成' } : NOTHING
}

type Calling = Pick<StepOf<'delete'>['delete'], 'via' | 'timeout' | 'name' | 'background' | 'answer'>

/** What a client does, and how its answer is dealt with. */
function call({ via, timeout, name, background, answer }: Calling, what: Text): Text {
  const asked = via === undefined ? undefined : whoWords(via)
  const long = durationWords(timeout)
  const wanted = answer === undefined ? undefined : answerWords(answer)
  return joined(
    [
      { en: `A client ${what.en}`, zh: `客户端${what.zh}` },
      asked === undefined ? NOTHING : { en: `, asking ${asked.en} only`, zh: `，只问${asked.zh}` },
      timeout === '5s' || background ? NOTHING : { en: `, for ${long.en} at most`, zh: `，最多等${long.zh}` },
      name === undefined ? NOTHING : { en: ` (call ${quoted(name)})`, zh: `（调用${quoted(name)}）` },
      background ? { en: ', and is not waited for', zh: '，不等答复' } : NOTHING,
      wanted === undefined ? NOTHING : { en: `; expected: it ${wanted.en}`, zh: `；期望：${wanted.zh}` },
    ],
    '',
    '',
  )
}

/** Held messages: `1 held AppendEntries on the link from n1 to n2`. */
function heldWords({
  message,
  count,
  ...links
}: Links & { readonly message?: string | undefined; readonly count: number | 'all' }): Text {
  const types = message === undefined ? [] : [message]
  if (count === 'all') return messageWords(types, links, { en: 'all held ', zh: '所有暂扣的' })
  const each = isOneLink(links) ? { en: '', zh: '' } : { en: ', on each link', zh: '每条链路各' }
  const what = messageWords(types, links, { en: `${count} held `, zh: `${each.zh}${count}条暂扣的` })
  return { en: `${count === 1 ? what.en.replace('messages', 'message') : what.en}${each.en}`, zh: what.zh }
}
