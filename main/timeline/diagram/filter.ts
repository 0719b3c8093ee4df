/** The filter language, for who draws: it is one and the same for the search over a whole recording. */
export { type Filter, nodesOf, parseFilter } from '../search/filter'
