/**
 * Puts the bugs of the zoo into a source file, all at once, each behind its switch. The sources themselves stay as they are: this
 * is done while the zoo's node program is built (`.ci/node-program.ts`).
 */
import type { Bug, Place } from './bug'

interface Change {
  readonly from: number
  readonly to: number
  readonly place: Place
  readonly bug: string
}

/**
 * @param file under `main/`
 * @returns undefined when no bug changes this file
 * @throws when a place is not there exactly once any more, or two bugs change texts that overlap
 */
export function weave(file: string, source: string, bugs: readonly Pick<Bug, 'id' | 'places'>[]): string | undefined {
  const changes = bugs.flatMap(({ id, places }) =>
    places.filter((place) => place.file === file).map((place) => found(source, place, id)),
  )
  if (changes.length === 0) return undefined
  const byPlace = new Map<number, [Change, ...Change[]]>()
  for (const change of changes) {
    const same = byPlace.get(change.from)
    if (same === undefined) byPlace.set(change.from, [change])
    else same.push(change)
  }
  let woven = ''
  let done = 0
  for (const [from, alternatives] of [...byPlace].sort(([a], [b]) => a - b)) {
    const [{ to, bug }] = alternatives
    const wrong = alternatives.find((other) => other.to !== to) ?? (from < done ? alternatives[0] : undefined)
    if (wrong !== undefined) throw new Error(`zoo: ${file}: "${wrong.bug}" and another bug ("${bug}") overlap`)
    woven += source.slice(done, from) + switched(source.slice(from, to), alternatives)
    done = to
  }
  return woven + source.slice(done)
}

function found(source: string, place: Place, bug: string): Change {
  const outer = place.within ?? place.find
  const start = once(source, outer, place, bug)
  const from = start + once(outer, place.find, place, bug)
  return { from, to: from + place.find.length, place, bug }
}

function once(text: string, part: string, { file }: Place, bug: string): number {
  const pieces = text.split(part)
  if (pieces.length === 2) return pieces[0]?.length ?? 0
  throw new Error(
    `zoo: bug "${bug}": "${part}" stands ${pieces.length - 1} times in main/${file}, not once. ` +
      'The source has changed: write the place anew in main/zoo/bugs.',
  )
}

function switched(original: string, alternatives: readonly Change[]): string {
  return alternatives.reduceRight((otherwise, { place, bug }) => {
    if (place.kind === 'expression') return `(zoo('${bug}') ? (${place.put}) : (${otherwise}))`
    return `if (zoo('${bug}')) { ${place.put} } else { ${otherwise} }`
  }, original)
}
