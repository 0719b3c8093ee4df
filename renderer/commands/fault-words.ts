/** A fault in one line, in the reader's language: "Killed n3", "Partition n1 n2 | n3 n4 n5", "n2: manual time". */
import {
  type Link,
  faultText as textOfFault,
  linksText as textOfLinks,
  faultType as typeOfFault,
} from '../../preload/contract/diagram'
import { catalogue } from '../components/catalogue'

/** "n1 → n2", "n1 ⇄ n2", "all 20 links", "7 links" */
export const linksText = (links: readonly Link[]): string => textOfLinks(catalogue, links)

/** The word for a fault's type, also for one of a later version. */
export const faultType = (type: string): string => typeOfFault(catalogue, type)

export const faultText = (fault: { readonly type: string; readonly detail: string }): string =>
  textOfFault(catalogue, fault)
