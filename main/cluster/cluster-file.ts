/**
 * `cluster.json`: what is known of a cluster besides its nodes' own files. Written whole and atomically; a file that
 * does not read well is reported and never overwritten.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ForkImage, ForkOrigin } from '../node/contract/disk-image'
import { Problem } from '../node/contract/problem'
import { settingsSchema } from '../node/contract/settings'
import { codeOf, writeAtomically } from './files'

z.config({ jitless: true })

const FORMAT = 'raft-workbench-cluster'
const VERSION = 2

const idSchema = z.number().int().min(1).max(65535)

const nodeSchema = z.object({
  id: idSchema,
  /** How many times the node has been started so far. */
  starts: z.number().int().min(0),
  /** Removed nodes stay: no number is given twice. */
  removed: z.boolean(),
  /**
   * It began with an empty disk in a cluster that existed already, and learns from the leader who belongs to it: at a
   * later time than the first members, or again after its disk was lost.
   */
  joined: z.boolean(),
  /** Its directory was emptied when this was committed already: its removal from the membership (raft/types.ts). */
  joinsAfter: z.object({ index: z.number().int().min(0), term: z.number().int().min(0) }).optional(),
  /** What it is in the cluster, or is to be (again) when it is being added or rebuilt. */
  role: z.enum(['voter', 'learner', 'witness']),
})

const nodesSchema = z
  .array(nodeSchema)
  .min(1)
  .refine((nodes) => new Set(nodes.map((node) => node.id)).size === nodes.length, 'a node stands there twice')

/** The configuration at index 0, which never changes: all first members must agree on it for ever. */
const firstSchema = z.object({ voters: z.array(idSchema).min(1), witnesses: z.array(idSchema) })

/** See {@link ForkOrigin}. */
const originSchema = z.object({
  recording: z.string(),
  clusterId: z.string(),
  clusterName: z.string(),
  began: z.string(),
  seq: z.number().int().min(0),
  t: z.number(),
})

const clusterFileSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  id: z.string().min(1),
  /** ISO 8601. */
  created: z.iso.datetime(),
  /** Settings that came later than the file have their defaults. */
  settings: settingsSchema,
  first: firstSchema,
  nodes: nodesSchema,
  /** Of which moment of which recording it is a branch; absent when it is none. */
  origin: originSchema.optional(),
})

/** Before memberships could change: all nodes are first members and voters, and there were two settings. */
const versionOneSchema = z
  .object({
    format: z.literal(FORMAT),
    version: z.literal(1),
    id: z.string().min(1),
    created: z.iso.datetime(),
    settings: z.object({
      electionTimeoutMs: settingsSchema.shape.electionTimeoutMs,
      heartbeatMs: settingsSchema.shape.heartbeatMs,
    }),
    nodes: z.array(nodeSchema.pick({ id: true, starts: true, removed: true })),
  })
  .transform(({ nodes, ...file }) => ({
    ...file,
    version: VERSION,
    first: { voters: nodes.map(({ id }) => id), witnesses: [] },
    nodes: nodes.map((node) => ({ ...node, joined: false, role: 'voter' })),
  }))

export type NodeRecord = Readonly<z.infer<typeof nodeSchema>>
export type ClusterFile = Readonly<Omit<z.infer<typeof clusterFileSchema>, 'nodes'>> & {
  readonly nodes: readonly NodeRecord[]
}

/** A cluster of nodes 1…`nodes` that was never started; the last `witnesses` of them are witnesses. */
export function newClusterFile(
  content: Pick<ClusterFile, 'id' | 'created' | 'settings'> & { readonly nodes: number; readonly witnesses: number },
): ClusterFile {
  const { nodes: count, witnesses, ...rest } = content
  const nodes = Array.from({ length: count }, (_, at): NodeRecord => {
    const role = at < count - witnesses ? 'voter' : 'witness'
    return { id: at + 1, starts: 0, removed: false, joined: false, role }
  })
  const first = { voters: nodes.map(({ id }) => id), witnesses: witnessesAmong(nodes) }
  return { format: FORMAT, version: VERSION, ...rest, first, nodes }
}

/** A cluster that goes on from a moment of another one. */
export function forkedClusterFile(
  { id, created, settings }: Pick<ClusterFile, 'id' | 'created' | 'settings'>,
  { first, nodes, removed }: ForkImage,
  origin: ForkOrigin,
): ClusterFile {
  const present = nodes.map(({ node, starts, joined, joinsAfter, role }): NodeRecord => {
    return { id: node, starts, removed: false, joined, ...(joinsAfter && { joinsAfter: { ...joinsAfter } }), role }
  })
  const gone = removed.map((node): NodeRecord => ({ id: node, starts: 1, removed: true, joined: true, role: 'voter' }))
  return {
    format: FORMAT,
    version: VERSION,
    id,
    created,
    settings,
    first: { voters: [...first.voters], witnesses: [...first.witnesses] },
    nodes: [...present, ...gone].sort((a, b) => a.id - b.id),
    origin,
  }
}

export function witnessesAmong(nodes: readonly NodeRecord[]): number[] {
  return nodes.filter(({ role }) => role === 'witness').map(({ id }) => id)
}

function parse(text: string): ClusterFile {
  let content: unknown = JSON.parse(text)
  const old = versionOneSchema.safeParse(content)
  if (old.success) content = old.data
  const parsed = clusterFileSchema.safeParse(content)
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
