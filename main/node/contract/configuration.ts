/** A configuration as it stands in a `config` entry, for those who read entries and know nothing else of the core. */
export { decodeConfiguration, encodeConfiguration } from '../../raft/configuration'
