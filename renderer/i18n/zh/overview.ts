export const overview = {
  counts: '显示数量；放大可见单条消息',
  partial: '仍在统计',
  damaged: '此处有 {n} 个录制块已损坏：其中的事件缺失，泳道在该处显示的状态不可信。文件的另一份副本也许完好。',
}
