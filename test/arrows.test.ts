/** Keeps the arrows between the rooms: who may import whom, and no cycles. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

type Room =
  | 'raft'
  | 'node/contract'
  | 'node/kv'
  | 'node'
  | 'cluster'
  | 'cluster/contract'
  | 'timeline'
  | 'timeline/diagram'
  | 'checks'
  | 'checks/drawing'
  | 'scenarios'
  | 'zoo'
  | 'zoo/words'
  | 'workbench'
  | 'electron'
  | 'browser'
  | 'cli'
  | 'offline'
  | 'entry'
  | 'contract'
  | 'preload'
  | 'renderer'

/** `types` may be imported with `import type` only; they leave no trace in the program. */
const allowed: Record<Room, { readonly values: readonly Room[]; readonly types: readonly Room[] }> = {
  raft: { values: [], types: [] },
  // The contract that a node process publishes speaks of messages and entries, so it knows the core's words.
  'node/contract': { values: ['raft'], types: [] },
  // The state machine: a pure function of the log. Whoever makes a snapshot of a recorded log runs the same one.
  'node/kv': { values: ['node/contract'], types: ['raft'] },
  node: { values: ['raft', 'node/contract', 'node/kv'], types: [] },
  cluster: { values: ['node/contract', 'node/kv', 'cluster/contract'], types: ['raft'] },
  // What a nemesis and a workload are: plain values, which a window puts together.
  'cluster/contract': { values: ['node/contract'], types: ['raft', 'cluster'] },
  timeline: { values: ['node/contract', 'timeline/diagram'], types: ['raft'] },
  // The picture of a timeline: pure, so that a window draws with the same code as an export does.
  'timeline/diagram': { values: [], types: ['raft', 'node/contract', 'timeline'] },
  checks: { values: ['timeline', 'timeline/diagram', 'node/contract', 'checks/drawing'], types: ['raft'] },
  // The picture of a history that has no right order: pure, as the timeline's is.
  'checks/drawing': { values: ['timeline/diagram'], types: [] },
  scenarios: { values: ['cluster', 'cluster/contract', 'timeline', 'checks', 'node/contract'], types: [] },
  // Bugs on purpose, and what provokes them. The words alone are for windows too.
  zoo: { values: ['zoo/words', 'cluster', 'timeline', 'checks', 'node/contract'], types: ['raft'] },
  'zoo/words': { values: [], types: ['node/contract'] },
  workbench: {
    values: [
      'cluster',
      'cluster/contract',
      'timeline',
      'timeline/diagram',
      'checks',
      'checks/drawing',
      'scenarios',
      'zoo',
      'zoo/words',
      'contract',
      'node/contract',
    ],
    types: ['raft'],
  },
  electron: { values: ['workbench', 'contract'], types: ['node/contract'] },
  browser: { values: ['workbench', 'contract'], types: ['node/contract'] },
  cli: { values: ['workbench', 'browser', 'contract', 'cluster/contract'], types: ['node/contract'] },
  // An exported page: the window over what a recording can answer, in one program.
  offline: { values: ['timeline', 'workbench', 'contract', 'node/contract', 'renderer'], types: [] },
  entry: { values: ['electron'], types: [] },
  // The window shows what a membership change will lead to: the pure rules of configurations, and the settings' defaults.
  contract: {
    values: ['raft', 'node/contract', 'cluster/contract', 'timeline/diagram', 'checks/drawing', 'zoo/words'],
    types: ['timeline', 'checks'],
  },
  preload: { values: ['contract'], types: [] },
  renderer: { values: ['contract'], types: [] },
}
const mayUseElectron: readonly Room[] = ['electron', 'entry', 'preload']

function roomOf(path: string): Room {
  if (path === 'main/index.ts') return 'entry'
  if (path === 'preload/contract.ts' || path.startsWith('preload/contract/')) return 'contract'
  if (path.startsWith('preload/')) return 'preload'
  if (path.startsWith('renderer/')) return 'renderer'
  if (path.startsWith('main/node/contract/')) return 'node/contract'
  if (path.startsWith('main/node/kv/')) return 'node/kv'
  if (path.startsWith('main/timeline/diagram/')) return 'timeline/diagram'
  // The filter language and the words of causality, diff and notes: a window goes by the same.
  if (/^main\/timeline\/(search\/(filter|words|steps)|(causality|diff)\/types|notes\/schema)\.ts$/.test(path)) {
    return 'timeline/diagram'
  }
  if (/^main\/cluster\/(nemesis|workload)\/types\.ts$/.test(path)) return 'cluster/contract'
  if (path.startsWith('main/checks/drawing/')) return 'checks/drawing'
  if (path.startsWith('main/zoo/words/')) return 'zoo/words'
  const room = path.split('/')[1] as Room
  if (!(room in allowed)) throw new Error(`${path} stands in no known room`)
  return room
}

interface Import {
  readonly target: string
  readonly typeOnly: boolean
}

function scriptsOf(path: string): string {
  const text = readFileSync(join(root, path), 'utf8')
  if (!path.endsWith('.vue')) return text
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((m) => m[1]).join('\n')
}

const imports = new Map<string, readonly Import[]>()

/** Each file is read once. */
function importsOf(path: string): readonly Import[] {
  const found = imports.get(path) ?? parsed(path)
  imports.set(path, found)
  return found
}

function parsed(path: string): Import[] {
  const found: Import[] = []
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      const typeOnly = ts.isImportDeclaration(node)
        ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
        : node.isTypeOnly
      found.push({ target: (node.moduleSpecifier as ts.StringLiteral).text, typeOnly })
    } else if (
      ts.isCallExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ImportKeyword &&
      node.arguments[0] &&
      ts.isStringLiteral(node.arguments[0])
    ) {
      found.push({ target: node.arguments[0].text, typeOnly: false })
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, scriptsOf(path), ts.ScriptTarget.Latest, false, ts.ScriptKind.TS))
  return found
}

const files = globSync('{main,preload,renderer}/**/*.{ts,vue}', { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.endsWith('.d.ts'))
const known = new Set(files)

function resolveImport(from: string, target: string): string | undefined {
  if (!target.startsWith('.')) return undefined
  const base = relative(root, resolve(root, dirname(from), target.replace(/\?.*$/, ''))).replaceAll('\\', '/')
  return [base, `${base}.ts`, `${base}/index.ts`].find((path) => known.has(path))
}

describe('arrows between rooms', () => {
  test('there is something to look at', () => {
    expect(files.length).toBeGreaterThan(50)
  })

  test('every import goes where the design allows', () => {
    const wrong: string[] = []
    for (const path of files) {
      const room = roomOf(path)
      for (const { target, typeOnly } of importsOf(path)) {
        if (target === 'electron' || target.startsWith('electron/')) {
          if (!typeOnly && !mayUseElectron.includes(room)) wrong.push(`${path} imports electron`)
          continue
        }
        const file = resolveImport(path, target)
        if (!file) continue
        const other = roomOf(file)
        if (other === room) continue
        const { values, types } = allowed[room]
        if (!values.includes(other) && !(typeOnly && types.includes(other))) wrong.push(`${path} → ${file}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('the core imports nothing but itself', () => {
    const outside = files
      .filter((path) => path.startsWith('main/raft/'))
      .flatMap((path) => importsOf(path).filter(({ target }) => !resolveImport(path, target)?.startsWith('main/raft/')))
    expect(outside).toEqual([])
  })

  test('no file imports itself through others', () => {
    const state = new Map<string, 'open' | 'done'>()
    const cycles: string[] = []
    const walk = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === 'done') return
      if (state.get(path) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
        return
      }
      state.set(path, 'open')
      for (const { target, typeOnly } of importsOf(path)) {
        const file = typeOnly ? undefined : resolveImport(path, target)
        if (file) walk(file, [...trail, path])
      }
      state.set(path, 'done')
    }
    for (const path of files) walk(path, [])
    expect(cycles).toEqual([])
  })
})
