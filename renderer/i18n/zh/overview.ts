export const overview = {
  counts: '显示数量；放大可见单条消息',
  partial: '仍在统计',
  damaged: '有 {n} 个块无法读取',
}
