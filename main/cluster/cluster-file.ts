/**
 * `cluster.json`: what is known of a cluster besides its nodes' own files. Written whole and atomically; a file that
 * does not read well is reported and never overwritten.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { MAX_NODES } from '../node/contract/limits'
import { Problem } from '../node/contract/problem'
import { codeOf, writeAtomically } from './files'

z.config({ jitless: true })

const FORMAT = 'raft-workbench-cluster'
const VERSION = 1

const nodeSchema = z.object({
  id: z.number().int().min(1).max(65535),
  /** How many times the node has been started so far. */
  starts: z.number().int().min(0),
  /** Removed nodes stay: the others still count them as voters. */
  removed: z.boolean(),
})

const clusterFileSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  id: z.string().min(1),
  /** ISO 8601. */
  created: z.iso.datetime(),
  settings: z.object({ electionTimeoutMs: z.number().positive(), heartbeatMs: z.number().positive() }),
  nodes: z
    .array(nodeSchema)
    .min(1)
    .max(MAX_NODES)
    .refine((nodes) => new Set(nodes.map((node) => node.id)).size === nodes.length, 'a node stands there twice'),
})

export type NodeRecord = Readonly<z.infer<typeof nodeSchema>>
export type ClusterFile = Readonly<Omit<z.infer<typeof clusterFileSchema>, 'nodes'>> & {
  readonly nodes: readonly NodeRecord[]
}

export function newClusterFile(content: Pick<ClusterFile, 'id' | 'created' | 'settings' | 'nodes'>): ClusterFile {
  return { format: FORMAT, version: VERSION, ...content }
}

function parse(text: string): ClusterFile {
  const parsed = clusterFileSchema.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  const first = parsed.error.issues[0]
  throw new Error(first === undefined ? 'not understood' : `${first.path.join('.')}: ${first.message}`)
}

/** Reads `<directory>/cluster.json`. Problems: `cluster-unknown` when it is not there, `cluster-damaged`. */
export async function readClusterFile(directory: string, name: string): Promise<ClusterFile> {
  const path = join(directory, 'cluster.json')
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') throw new Problem('cluster-unknown', { name })
    throw new Problem('cluster-damaged', { path, reason: (error as Error).message }, { cause: error })
  }
  try {
    return parse(text)
  } catch (error) {
    throw new Problem('cluster-damaged', { path, reason: (error as Error).message }, { cause: error })
  }
}

export async function writeClusterFile(directory: string, file: ClusterFile): Promise<void> {
  await writeAtomically(join(directory, 'cluster.json'), `${JSON.stringify(file, null, 2)}\n`)
}
