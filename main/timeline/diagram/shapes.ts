/** The shape says the role (● follower, ◆ candidate, ⬢ leader, ▢ learner); colour says the term. */
import type { Role } from '../../raft/types'
import type { Surface } from './surface'

type Point = readonly [x: number, y: number]

/** The corners of a role's outline around (x, y), all looking equally large at the same `r`; none for a circle. */
function cornersOf(role: Role, x: number, y: number, r: number): readonly Point[] {
  switch (role) {
    case 'leader':
      return [0, 1, 2, 3, 4, 5].map((i) => {
        const angle = (Math.PI / 3) * i
        return [x + r * 1.08 * Math.cos(angle), y + r * 1.08 * Math.sin(angle)]
      })
    case 'candidate':
    case 'pre-candidate': {
      const d = r * 1.18
      return [
        [x, y - d],
        [x + d, y],
        [x, y + d],
        [x - d, y],
      ]
    }
    case 'learner': {
      const d = r * 0.86
      return [
        [x - d, y - d],
        [x + d, y - d],
        [x + d, y + d],
        [x - d, y + d],
      ]
    }
    case 'follower':
      return []
  }
}

const at = (value: number) => Math.round(value * 100) / 100

/** A role's outline as SVG path data. */
export function rolePath(role: Role, x: number, y: number, r: number): string {
  const corners = cornersOf(role, x, y, r)
  if (corners.length === 0) return `M${at(x - r)} ${at(y)}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0Z`
  return `M${corners.map(([cx, cy]) => `${at(cx)} ${at(cy)}`).join('L')}Z`
}

/** A role's outline as the surface's path. */
export function traceRole(surface: Surface, role: Role, x: number, y: number, r: number): void {
  surface.beginPath()
  const corners = cornersOf(role, x, y, r)
  if (corners.length === 0) surface.arc(x, y, r, 0, Math.PI * 2)
  corners.forEach(([cx, cy], i) => {
    if (i === 0) surface.moveTo(cx, cy)
    else surface.lineTo(cx, cy)
  })
  surface.closePath()
}

/** 1…8: the token of a term's colour; 0 when there is no term yet. */
export const termHue = (term: number): number => (term < 1 ? 0 : ((term - 1) % 8) + 1)

/** From term 9 on a colour comes back and its bar is doubled. */
export const termDoubled = (term: number): boolean => term > 8
