import type { Tour } from '../types'
import { firstElection } from './first-election'
import { replication } from './replication'
import { trouble } from './trouble'

/** All lessons, in the order in which they build on each other. */
export const TOURS: readonly Tour[] = [firstElection, replication, trouble]

export const tourOf = (id: string): Tour | undefined => TOURS.find((tour) => tour.id === id)
