import type { Language } from '../../preload/contract'

/**
 * The language of ours that a system's or a browser's wish names first: `zh_CN.UTF-8`, `zh-CN,zh;q=0.9,en;q=0.8`.
 * Undefined when it names none.
 */
export function languageOf(wish: string | undefined): Language | undefined {
  for (const part of (wish ?? '').split(/[,:]/)) {
    const name = part.trim().toLowerCase()
    if (/^zh(?![a-z])/.test(name)) return 'zh'
    if (/^en(?![a-z])/.test(name)) return 'en'
  }
  return undefined
}

/** The language of a terminal, by the order in which POSIX looks; English where nothing is said. */
export function terminalLanguage(env: Readonly<Record<string, string | undefined>>): Language {
  const wish = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return languageOf(env.LANGUAGE && wish !== '' && wish !== 'C' ? env.LANGUAGE : wish) ?? languageOf(wish) ?? 'en'
}
