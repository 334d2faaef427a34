/**
 * The Editor in a real browser (Chromium, drawing on the CPU as on a machine without a graphics card): from the call that
 * opens a clip to the first waveform and spectrogram on the screen, for one second and for two hours of sound, with
 * nothing cached; then the frames of ten seconds of zooming and scrolling through the two hours.
 */
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync, closeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { serve } from '../src-main/app/serve.ts'
import { encodeWav, wavHeader } from '../src-main/audio/index.ts'
import { openLibrary } from '../src-main/catalog/index.ts'
import { importFolder } from '../src-main/curation/index.ts'
import { createRandom, unwrap } from '../src-main/kit/index.ts'
import { chromiumPath } from '../tests/support/browser.ts'
import { median } from './lib/measure.ts'

const RATE = 16_000
const folder = mkdtempSync(join(tmpdir(), 'espectro-bench-editor-'))

/** Tone bursts in noise, another burst every second. */
function minute(seed: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: 60 * RATE }, (_, i) => {
    const second = Math.floor(i / RATE)
    const burst = i % RATE < 4000 ? 0.4 * Math.sin((2 * Math.PI * (300 + 110 * ((second + seed) % 30)) * i) / RATE) : 0
    return burst + 0.01 * (random.next() - 0.5)
  })
}

function writeRecordings(): void {
  for (const [name, seconds] of [['short', 1], ['long', 7200]] as const) {
    mkdirSync(join(folder, name))
    if (seconds === 1) {
      for (let i = 0; i < 6; i++) writeFileSync(join(folder, name, `${i}.wav`), encodeWav(minute(100 + i).subarray(0, RATE), RATE))
      continue
    }
    const file = openSync(join(folder, name, 'two-hours.wav'), 'w')
    writeSync(file, wavHeader(seconds * RATE, RATE))
    const minutes = [1, 2, 3].map((seed) => encodeWav(minute(seed), RATE).subarray(44))
    for (let i = 0; i < seconds / 60; i++) writeSync(file, minutes[i % 3]!)
    closeSync(file)
  }
}

interface Marks {
  readonly waveform: number
  readonly spectrogram: number
  readonly whole: number
}

/** Milliseconds from the call that opens a clip to what was drawn first, and to the last tile in sight. */
async function open(page: Page, clip: number): Promise<Marks> {
  await page.evaluate(`location.hash = '#/library'`)
  await page.getByRole('grid').waitFor()
  await page.waitForTimeout(400)
  await page.evaluate(`performance.clearMarks(); performance.clearResourceTimings(); location.hash = '#/editor/${clip}'`)
  const drawn = (): Promise<unknown> => page.evaluate(`['editor:waveform', 'editor:whole'].every((name) => performance.getEntriesByName(name).length > 0)`)
  while ((await drawn()) !== true) await page.waitForTimeout(20)
  return await page.evaluate(`Object.fromEntries(['waveform', 'spectrogram', 'whole'].map((name) => [name, performance.getEntriesByName('editor:' + name)[0].startTime - performance.getEntriesByName('editor:open')[0].startTime]))`) as Marks
}

/** Frame times in ms while the wheel zooms in to the samples, scrolls and zooms out again. */
async function zoomAndScroll(page: Page): Promise<number[]> {
  const box = (await page.getByRole('img', { name: 'Spectrogram' }).boundingBox())!
  await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2)
  return await page.evaluate(`new Promise((resolve) => {
    const pane = document.querySelector('[aria-label="Spectrogram"]')
    const { left, top, width, height } = pane.getBoundingClientRect()
    const wheel = (deltaY, ctrlKey) => pane.dispatchEvent(new WheelEvent('wheel', { deltaY, ctrlKey, clientX: left + width / 3, clientY: top + height / 2, bubbles: true, cancelable: true }))
    const frames = []
    let last
    const step = (now) => {
      if (last !== undefined) frames.push(now - last)
      last = now
      const i = frames.length
      if (i < 200) wheel(-30, true)
      else if (i < 400) wheel(i % 2 ? 60 : 90, false)
      else if (i < 600) wheel(30, true)
      else return resolve(frames)
      requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  })`) as number[]
}

const executablePath = chromiumPath()
if (executablePath === null) throw new Error('This needs Chromium: set CHROMIUM to its path')
try {
  writeRecordings()
  const root = join(folder, 'library')
  {
    using library = unwrap(openLibrary(root))
    for (const name of ['short', 'long']) unwrap(await importFolder(library, { path: join(folder, name), dataset: name, labels: { from: 'none' }, link: true }))
  }
  await using served = unwrap(await serve({ library: root }))
  await using browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en' })
  await page.goto(served.address())
  await page.getByRole('grid').waitFor()
  await page.waitForTimeout(1500)
  const first = await open(page, 1)
  const line = (what: string, { waveform, spectrogram, whole }: Marks): void =>
    console.log(`${what.padEnd(34)} waveform ${waveform.toFixed(0)} ms, spectrogram ${spectrogram.toFixed(0)} ms, all tiles ${whole.toFixed(0)} ms`)
  line('one second, the first clip', first)
  const shorts: Marks[] = []
  for (const clip of [2, 3, 4, 5, 6]) shorts.push(await open(page, clip))
  line('one second, median of five more', { waveform: median(shorts.map((m) => m.waveform)), spectrogram: median(shorts.map((m) => m.spectrogram)), whole: median(shorts.map((m) => m.whole)) })
  line('two hours, nothing cached', await open(page, 7))
  await page.waitForTimeout(2000)
  await open(page, 1)
  line('two hours, again', await open(page, 7))
  const frames = (await zoomAndScroll(page)).toSorted((a, b) => a - b)
  console.log(`zoom and scroll, ${frames.length} frames      median ${median(frames).toFixed(1)} ms, 99 % ${frames[Math.floor(0.99 * frames.length)]!.toFixed(1)} ms, longest ${frames.at(-1)!.toFixed(1)} ms`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
