/** The shape says the role (● follower, ◆ candidate, ⬢ leader, ▢ learner), as SVG path data; colour says the term. */
import type { Role } from '../../../preload/contract'

const at = (value: number) => Math.round(value * 100) / 100

function polygon(points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([x, y]) => `${at(x)} ${at(y)}`).join('L')}Z`
}

/** A role's outline around (x, y); all look equally large at the same `r`. */
export function rolePath(role: Role, x: number, y: number, r: number): string {
  switch (role) {
    case 'leader':
      return polygon(
        [0, 1, 2, 3, 4, 5].map((i) => {
          const angle = (Math.PI / 3) * i
          return [x + r * 1.08 * Math.cos(angle), y + r * 1.08 * Math.sin(angle)] as const
        }),
      )
    case 'candidate':
    case 'pre-candidate': {
      const d = r * 1.18
      return polygon([
        [x, y - d],
        [x + d, y],
        [x, y + d],
        [x - d, y],
      ])
    }
    case 'learner': {
      const d = r * 0.86
      return polygon([
        [x - d, y - d],
        [x + d, y - d],
        [x + d, y + d],
        [x - d, y + d],
      ])
    }
    case 'follower':
      return `M${at(x - r)} ${at(y)}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0Z`
  }
}

/** 1…8: the token of a term's colour; 0 when there is no term yet. */
export const termHue = (term: number): number => (term < 1 ? 0 : ((term - 1) % 8) + 1)

/** From term 9 on a colour comes back and its bar is doubled. */
export const termDoubled = (term: number): boolean => term > 8
