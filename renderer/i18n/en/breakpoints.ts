/** Breakpoints, and the whole cluster standing still. Read as `breakpoints.…`. */
export const breakpoints = {
  title: 'Breakpoints',
}
