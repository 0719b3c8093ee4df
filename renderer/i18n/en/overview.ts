export const overview = {
  counts: 'counts; come closer to see single messages',
  partial: 'still counting',
  damaged:
    'One block of the recording is damaged here: its events are missing, and what the lanes show across it is not known. Another copy of the file may have it. | {n} blocks of the recording are damaged here: their events are missing, and what the lanes show across them is not known. Another copy of the file may have them.',
}
