import type { Component } from 'vue'

const found = import.meta.glob<Component>(
  ['./cluster/ClusterView.vue', './logs/LogsView.vue', '../timeline/TimelineView.vue'],
  { eager: true, import: 'default' },
)
export const ClusterView = found['./cluster/ClusterView.vue']
export const LogsView = found['./logs/LogsView.vue']
export const TimelineView = found['../timeline/TimelineView.vue']
