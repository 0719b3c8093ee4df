/** Rules of links, held messages, clocks and disks. Read as `control.…` (`faults.…` are words of the shell). */
export const faults = {
  title: 'Control',
}
