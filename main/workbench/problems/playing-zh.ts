import type { PlayingSentences } from './playing'

/** 关于场景的运行。 */
export const playingZh: PlayingSentences = {
  'scenario-unknown': ({ id }) =>
    `没有场景 ${id}：场景库中没有，也没有这样的文件。命令“raft-workbench scenarios”列出场景库。`,
  'scenario-unmet': ({ words, found }) => `期望：${words.zh}。实际：${found.zh === '' ? '没有' : found.zh}。`,
  'scenario-late': ({ words, millis, found }) =>
    `等待 ${seconds(millis)} 仍未出现：${words.zh}。${found.zh === '' ? '' : `实际：${found.zh}。`}`,
  'scenario-not-refused': ({ words, wanted, found }) =>
    found === ''
      ? `${words.zh} 应当被拒绝（${wanted}），却执行成功了。`
      : `${words.zh} 应当因 ${wanted} 被拒绝，实际因 ${found} 被拒绝。`,
  'scenario-name': ({ name }) => `到这一步还没有名为 ${name} 的对象。请在更早的步骤中命名。`,
  'scenario-never': ({ words, found }) => `已放弃，因为出现了绝不应出现的情况：${words.zh}。实际：${found.zh}。`,
  'scenario-limit': ({ millis }) => `已放弃：达到整个场景的时限 ${seconds(millis)}。如需更久，请提高其 limit。`,
}

function seconds(millis: number): string {
  return millis < 1000 ? `${millis} 毫秒` : `${millis / 1000} 秒`
}
