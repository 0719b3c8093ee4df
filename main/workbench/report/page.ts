/** A report as one page that needs nothing besides itself, and runs nothing. */
import { createHash } from 'node:crypto'
import { drawCounterexample, escaped as e, svgOf, tableOf } from '../../checks/drawing'
import { THEMES, TOKENS } from '../../timeline/diagram'
import { BUG_WORDS } from '../../zoo/words'
import { plots } from './plots'
import type { ReportInput, ReportLook, ReportSpan, ReportVerdict, Standing } from './types'
import { REPORT_WORDS, type ReportWords } from './words'

/** More illegal keys are only in the verdicts. */
const DRAWN = 8

type Token = keyof typeof TOKENS
const colour = (token: Token): string => `var(${TOKENS[token]})`

const SIGN: Readonly<Record<Standing, string>> = { holds: '✓', broken: '✗', undecided: '?' }

/** @returns HTML; the same input gives the same page */
export function reportPage(input: ReportInput, { language, theme }: ReportLook): string {
  const words = REPORT_WORDS[language]
  const style = STYLE + themed(theme)
  const hash = createHash('sha256').update(style).digest('base64')
  const { title, holds, isPartial } = input
  return `<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Raft Workbench">
<title>${e(title)} – ${words.report} – Raft Workbench</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>${e(title)}</h1>
<p class="verdict ${holds ? 'holds' : 'broken'}">${holds ? '✓' : '✗'} ${holds ? words.holds : words.broken}${isPartial ? ` ${words.partial}` : ''}</p>
${bugs(input, words, language)}${head(input, words)}
</header>
${[
  scenario(input, words, language),
  verdicts(input, words, language),
  illegal(input, words, language),
  load(input, words),
  spans(input.facts?.leaders, words.headings.leaders, words, language, 0),
  spans(input.facts?.faults, words.headings.faults, words, language, input.facts?.moreFaults ?? 0),
  settings(input, words),
  reproduce(input, words),
]
  .filter((part) => part !== '')
  .join('\n')}
</main>
</body>
</html>
`
}

/** Whoever reads it shall not blame the cluster for what is wrong on purpose. */
function bugs({ facts }: ReportInput, words: ReportWords, language: 'en' | 'zh'): string {
  const had = (facts?.bugs ?? []).map((id) => {
    const { name, story } = BUG_WORDS[language][id]
    return `<div class="bug"><p><b>${e(words.bug(name))}</b> <span class="mono">${id}</span></p><p>${e(story)}</p></div>`
  })
  return had.join('')
}

function head({ file, began, events, facts, scenario: played }: ReportInput, words: ReportWords): string {
  const rows: (readonly [string, string])[] = [
    [words.file, file],
    ...(began === '' ? [] : [[words.recorded, began.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')] as const]),
    ...(facts === undefined ? [] : [[words.length, `${(facts.end / 1e9).toFixed(3)} s`] as const]),
    ...(events > 0 ? [[words.events, String(events)] as const] : []),
    ...(facts === undefined || facts.nodes === 0 ? [] : [[words.nodes, String(facts.nodes)] as const]),
    ...(played === undefined ? [] : [[words.seed, String(played.seed)] as const]),
  ]
  return `<dl>${rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${e(value)}</dd></div>`).join('')}</dl>`
}

function scenario({ scenario: played }: ReportInput, words: ReportWords, language: 'en' | 'zh'): string {
  if (played === undefined) return ''
  const rows = played.expectations.map(
    ({ words: expected, holds, found }) =>
      `<tr class="${holds ? 'holds' : 'broken'}"><td>${holds ? '✓' : '✗'}</td><td>${e(expected[language])}</td><td>${e(found[language])}</td></tr>`,
  )
  const table =
    rows.length === 0
      ? ''
      : `<table><thead><tr><th></th><th>${words.columns.expected}</th><th>${words.columns.found}</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
  return `<section><h2>${words.headings.scenario}</h2><p>${e(played.about[language])}</p>${table}</section>`
}

function verdicts({ verdicts: all }: ReportInput, words: ReportWords, language: 'en' | 'zh'): string {
  const { columns } = words
  const row = ({ name, section, standing, found, findings, remarks }: ReportVerdict): string => {
    const says = standing === 'broken' && found > 0 ? words.times(found) : words.standing[standing]
    const proofs = findings.map(
      ({ sentence, events }) =>
        `<p>${e(sentence[language])}</p><p class="small">${e(words.proof(events.map(eventName).join(', ')))}</p>`,
    )
    const notes = remarks.map((remark) => `<p class="small">${e(remark[language])}</p>`)
    return `<tr class="${standing}"><td>${SIGN[standing]}</td><td><p>${e(name[language])}</p>${[...proofs, ...notes].join('')}</td><td>${e(/^\d/.test(section) ? `§${section}` : section)}</td><td>${says}</td></tr>`
  }
  return `<section><h2>${words.headings.verdicts}</h2><table><thead><tr><th></th><th>${columns.verdict}</th><th>${columns.section}</th><th>${columns.standing}</th></tr></thead><tbody>${all.map(row).join('')}</tbody></table></section>`
}

const eventName = ({ seq, t }: { readonly seq: number; readonly t?: number }): string =>
  t === undefined ? String(seq) : `${seq} (${(t / 1e9).toFixed(6)} s)`

function illegal({ illegal: parts }: ReportInput, words: ReportWords, language: 'en' | 'zh'): string {
  if (parts.length === 0) return ''
  const figures = parts.slice(0, DRAWN).map(({ part, drawn }, at) => {
    const drawing = drawCounterexample(drawn, { language, width: 998 })
    const { columns, rows } = tableOf(drawn, language)
    const cells = rows.map(
      ({ order, client, text, from, to, outcome, standing }) =>
        `<tr class="${standing === 'stuck' ? 'broken' : ''}"><td>${e(order)}</td><td>${client}</td><td class="mono">${e(text)}</td><td class="mono">${e(from)}</td><td class="mono">${e(to)}</td><td>${e(outcome)}</td></tr>`,
    )
    const heads = [columns.order, columns.client, columns.call, columns.from, columns.to, columns.outcome]
    return `<figure><figcaption><b>${e(words.illegal(part))}</b> ${e(drawing.description)}</figcaption><div class="scroll" tabindex="0">${svgOf(drawing, colour, `calls-${at}`)}</div><table><thead><tr>${heads.map((name) => `<th>${name}</th>`).join('')}</tr></thead><tbody>${cells.join('')}</tbody></table></figure>`
  })
  return `<section><h2>${words.headings.illegal}</h2>${figures.join('')}</section>`
}

function load({ facts }: ReportInput, words: ReportWords): string {
  if (facts === undefined || facts.load.length === 0) return ''
  const about = words.plotAbout(facts.load.length, String(facts.bucket / 1e9))
  const pictures = plots(facts, words, colour).map((svg) => `<div class="scroll" tabindex="0">${svg}</div>`)
  return `<section><h2>${words.headings.load}</h2><p class="small">${e(about)}</p>${pictures.join('')}</section>`
}

function spans(
  all: readonly ReportSpan[] | undefined,
  heading: string,
  words: ReportWords,
  language: 'en' | 'zh',
  more: number,
): string {
  if (all === undefined) return ''
  if (all.length === 0)
    return heading === words.headings.faults ? `<section><h2>${heading}</h2><p>${words.noFaults}</p></section>` : ''
  const { columns } = words
  const rows = all.map(
    ({ from, to, text }) =>
      `<tr><td class="mono">${(from / 1e9).toFixed(3)}</td><td class="mono">${to === null ? words.toTheEnd : (to / 1e9).toFixed(3)}</td><td>${e(text[language])}</td></tr>`,
  )
  return `<section><h2>${heading}</h2><table class="narrow"><thead><tr><th>${columns.from}</th><th>${columns.to}</th><th>${columns.what}</th></tr></thead><tbody>${rows.join('')}</tbody></table>${more > 0 ? `<p class="small">${words.moreFaults(more)}</p>` : ''}</section>`
}

function settings({ facts }: ReportInput, words: ReportWords): string {
  const all = Object.entries(facts?.settings ?? {})
  if (all.length === 0) return ''
  const rows = all.map(
    ([name, value]) =>
      `<tr><td class="mono">${e(name)}</td><td class="mono">${e(JSON.stringify(value) ?? '')}</td></tr>`,
  )
  return `<section><h2>${words.headings.settings}</h2><details><summary>${e(words.settings(all.length))}</summary><table class="narrow"><thead><tr><th>${words.columns.setting}</th><th>${words.columns.value}</th></tr></thead><tbody>${rows.join('')}</tbody></table></details></section>`
}

function reproduce({ reproduce: lines, scenario: played }: ReportInput, words: ReportWords): string {
  if (lines.length === 0) return ''
  return `<section><h2>${words.headings.reproduce}</h2><pre>${e(lines.join('\n'))}</pre>${played === undefined ? '' : `<p class="small">${words.reproduceAbout}</p>`}</section>`
}

/** The design's colours, as whoever opens the page likes them, or as they were asked for. */
function themed(theme: ReportLook['theme']): string {
  const tokens = (name: 'dark' | 'light') =>
    `:root{color-scheme:${name};${(Object.keys(TOKENS) as Token[]).map((token) => `${TOKENS[token]}:${THEMES[name][token]}`).join(';')}}`
  if (theme !== undefined) return tokens(theme)
  return `${tokens('light')}@media (prefers-color-scheme:dark){${tokens('dark')}}`
}

const STYLE = `
*{box-sizing:border-box}
body{margin:0;background:var(--surface-canvas);color:var(--text);font:14px/1.5 var(--font-ui)}
main{max-width:1040px;margin:0 auto;padding:24px 20px 64px}
h1{margin:0 0 8px;font-size:24px;line-height:1.25;overflow-wrap:anywhere}
h2{margin:32px 0 8px;font-size:16px}
p{margin:0 0 4px}
.verdict{display:inline-block;margin:0 0 12px;padding:4px 12px;border-radius:6px;border:1px solid currentColor;font-weight:600}
.bug{margin:0 0 12px;padding:8px 12px;border-left:3px solid var(--warn);background:var(--warn-soft)}
.verdict.holds{color:var(--ok)}
.verdict.broken{color:var(--danger);background:var(--danger-soft)}
dl{display:flex;flex-wrap:wrap;gap:4px 24px;margin:0}
dt{color:var(--text-3);font-size:12px}
dd{margin:0;overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse;margin:8px 0}
table.narrow{width:auto;min-width:50%}
th{text-align:left;color:var(--text-3);font-size:12px;font-weight:500}
th,td{padding:5px 10px 5px 0;border-bottom:1px solid var(--border-subtle);vertical-align:top;overflow-wrap:anywhere}
th:first-child,td:first-child{padding-left:6px}
tr.broken td{background:var(--danger-soft)}
tr.broken td:first-child,tr.broken td:last-child{color:var(--danger);font-weight:600}
tr.holds td:first-child{color:var(--ok)}
tr.undecided td:first-child,tr.undecided td:last-child{color:var(--warn)}
.small{color:var(--text-2);font-size:12px}
.mono,pre{font-family:var(--font-mono);font-size:12px}
pre{padding:12px;border:1px solid var(--border);border-radius:6px;background:var(--surface-panel);overflow-x:auto;white-space:pre}
figure{margin:0 0 24px}
figcaption{margin-bottom:8px}
.scroll{overflow-x:auto;border:1px solid var(--border-subtle);border-radius:6px;margin-bottom:8px}
.scroll:focus-visible{outline:2px solid var(--accent)}
svg{display:block}
summary{cursor:pointer;color:var(--text-2)}
@media print{.scroll{overflow:visible}svg{max-width:100%;height:auto}}
`
