/** A real window on a real workbench: the browser host as it is built, and headless Chromium, which draws in software. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type CDPSession, chromium, type Page } from 'playwright'
import type { Answer, CallInput, CallName, CallOutput } from '../../../preload/contract'
import { Unable } from '../unable'

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const SIZE = { width: 1440, height: 900 }

export interface BenchWindow {
  readonly page: Page
  /** A call of the contract, by a door of its own beside the window's; milliseconds that its answer took, as the page saw it. */
  call<C extends CallName>(
    name: C,
    input: CallInput<C>,
  ): Promise<{ readonly millis: number; readonly value: CallOutput<C> }>
  /** Bytes of the page's JavaScript after collecting garbage. */
  heap(): Promise<number>
  /** Milliseconds of CPU that the page's process and the one that paints for it have taken so far. */
  cpu(): Promise<number>
  /** Resident bytes of the workbench. */
  resident(): Promise<number>
  close(): Promise<void>
}

export async function openWindow(built: string, home: string): Promise<BenchWindow> {
  const executablePath = [process.env.CHROMIUM ?? '', ...BROWSERS].find((path) => path !== '' && existsSync(path))
  if (executablePath === undefined) throw new Unable('The timeline is measured in Chromium: apt-get install chromium')
  const server = spawn(process.execPath, [join(built, 'cli.js'), 'serve', '--port', '0', '--home', home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((done) => server.once('exit', () => done()))
  const end = async () => {
    server.kill('SIGTERM')
    await ended
  }
  try {
    const address = await addressOf(server)
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--enable-precise-memory-info'],
    })
    const page = await browser.newPage({ viewport: SIZE, colorScheme: 'dark' })
    await page.goto(address)
    await page.getByTestId('start-cluster').waitFor()
    const session = await page.context().newCDPSession(page)
    const whole = await browser.newBrowserCDPSession()
    await page.evaluate(installDoor)
    return {
      page,
      call: (name, input) => call(page, name, input),
      heap: () => heapOf(session),
      cpu: () => cpuOf(whole),
      resident: () => residentOf(server),
      close: async () => {
        await browser.close()
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    if (server.stdout === null) return failed(new Error('the workbench has no output'))
    createInterface({ input: server.stdout }).on('line', (line) => {
      const match = /https?:\/\/\S+token=\S+/.exec(line)
      if (match) found(match[0])
    })
    server.once('exit', () => failed(new Error('the workbench ended before it gave an address')))
  })
}

/** Runs in the page. */
function installDoor(): Promise<void> {
  const socket = new WebSocket(`ws://${location.host}/door`)
  const waiting = new Map<number, (answer: unknown) => void>()
  let id = 0
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(String(data)) as { id?: number; answer?: unknown }
    waiting.get(frame.id ?? -1)?.(frame.answer)
  }
  Object.assign(globalThis, {
    benchCall: (name: string, input: unknown) => {
      const began = performance.now()
      return new Promise((resolve) => {
        waiting.set(++id, (answer) => resolve({ millis: performance.now() - began, answer }))
        socket.send(JSON.stringify({ id, call: name, input }))
      })
    },
  })
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = () => reject(new Error('no door'))
  })
}

async function call<C extends CallName>(
  page: Page,
  name: C,
  input: CallInput<C>,
): Promise<{ readonly millis: number; readonly value: CallOutput<C> }> {
  const { millis, answer } = (await page.evaluate(
    ([called, given]) =>
      (globalThis as unknown as { benchCall(name: unknown, input: unknown): Promise<unknown> }).benchCall(
        called,
        given,
      ),
    [name, input] as const,
  )) as { readonly millis: number; readonly answer: Answer<CallOutput<C>> }
  if (!answer.ok) throw new Error(`${name}: ${answer.problem.message}`)
  return { millis, value: answer.value }
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}

async function cpuOf(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo.reduce((sum, { type, cpuTime }) => sum + (type === 'browser' ? 0 : cpuTime * 1000), 0)
}

async function residentOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024
}

export interface Opening {
  /** Until the workbench has answered. */
  readonly opened: number
  /** Until lanes, marks and counts of the recording stand on the canvas. */
  readonly painted: number
}

/** Opens a recording and waits for its first picture. */
export async function openRecording(window: BenchWindow, path: string): Promise<Opening> {
  await window.page.evaluate(watchCanvas)
  const { millis } = await window.call('recordings.open', { path })
  const painted = await window.page.evaluate(
    () => (globalThis as unknown as { benchPainted: Promise<number> }).benchPainted,
  )
  return { opened: millis, painted }
}

/** Runs in the page: looks at each frame whether the lanes are drawn. */
function watchCanvas(): void {
  const began = performance.now()
  const drawn = (): boolean => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="timeline-canvas"] canvas')
    const context = canvas?.getContext('2d')
    if (!canvas || !context || canvas.width < 400) return false
    const { data } = context.getImageData(160, 24, canvas.width - 200, Math.min(120, canvas.height - 60))
    let different = 0
    for (let at = 0; at < data.length; at += 16) if (data[at] !== data[0] || data[at + 3] !== data[3]) different++
    return different > data.length / 16 / 50
  }
  Object.assign(globalThis, {
    benchPainted: new Promise<number>((resolve) => {
      const look = () => {
        if (drawn()) resolve(performance.now() - began)
        else requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    }),
  })
}

/** What a person does to look around; each step is a turn of the wheel. */
export interface Move {
  readonly name: string
  readonly frames: number
  readonly deltaX: number
  readonly deltaY: number
}

/** Milliseconds between each two frames while it goes on. */
export function framesOf(page: Page, { frames, deltaX, deltaY }: Move): Promise<readonly number[]> {
  return page.evaluate(
    ([count, x, y]) =>
      new Promise<number[]>((resolve) => {
        const box = document.querySelector('[data-testid="timeline-canvas"]')
        if (box === null) throw new Error('no timeline')
        const bounds = box.getBoundingClientRect()
        const gaps: number[] = []
        let before = 0
        const step = (at: number) => {
          if (before > 0) gaps.push(at - before)
          before = at
          if (gaps.length >= count) return resolve(gaps)
          const wheel = { deltaX: x, deltaY: y, bubbles: true, cancelable: true }
          const where = { clientX: bounds.left + bounds.width * 0.55, clientY: bounds.top + 80 }
          box.dispatchEvent(new WheelEvent('wheel', { ...wheel, ...where }))
          requestAnimationFrame(step)
        }
        requestAnimationFrame(step)
      }),
    [frames, deltaX, deltaY] as const,
  )
}
