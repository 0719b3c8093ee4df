/**
 * Part of the zoo's node program only (`out/main/node-zoo.cjs`): which bug this process has. The launcher says it in the second
 * argument; without one the program behaves as the ordinary node does.
 */
const bug = process.argv[3] ?? ''

/** Does this process have that bug? Asked at every place that a bug changes. */
export const zoo = (id: string): boolean => id === bug
