import type { TourStep } from '../types'

/** Every lesson begins with a cluster that runs. One that runs already will do. */
export const START: TourStep = {
  id: 'start',
  title: { en: 'A cluster to work on', zh: '准备一个集群' },
  say: {
    en: 'Five processes on this machine, each with files and sockets of its own, agree on one log. Nothing here is simulated.',
    zh: '本机上的五个进程，各有自己的文件和套接字，就一份日志达成一致。这里没有任何模拟。',
  },
  task: {
    en: 'Start a cluster of five nodes. If one runs already, take it; start what is down, and heal what is cut.',
    zh: '启动一个五节点的集群。如果已有集群在运行，就用它；启动停下的节点，修复被切断的链路。',
  },
  command: 'cluster.start',
  goal: { type: 'led', nodes: 5 },
  seen: {
    en: 'Five processes run, and n{leader} leads them in term {term}.',
    zh: '五个进程在运行，n{leader} 在任期 {term} 中领导它们。',
  },
  hints: [
    {
      after: 12,
      say: {
        en: 'Nothing open: press N. A smaller cluster is open: Ctrl+K, “New cluster”, five nodes. Nodes are down: select each and press S. Links are cut: press H.',
        zh: '没有打开任何集群：按 N。打开的集群较小：Ctrl+K，“新建集群”，五个节点。有节点停下：逐个选中并按 S。链路被切断：按 H。',
      },
    },
  ],
  target: '[data-region="logs"]',
}
