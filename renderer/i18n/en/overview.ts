export const overview = {
  counts: 'counts; come closer to see single messages',
  partial: 'still counting',
  damaged: 'one block could not be read | {n} blocks could not be read',
}
