/** Workloads and nemeses: their plans, and what the clients saw. Read as `load.…`. */
export const load = {
  title: 'Load',
}
