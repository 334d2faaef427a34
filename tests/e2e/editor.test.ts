import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { encodeWav, wavHeader } from '../../src-main/audio/index.ts'
import { openLibrary } from '../../src-main/catalog/index.ts'
import { importFolder } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'
import { tone } from '../support/studio.ts'

const RATE = 8000
const HOURS = 2
/** The only sound in two hours of silence: one loud sample. */
const CLICK = 5_000.123 * RATE

/** Asks until it is so: other programs may hold the machine up. */
const soon = <T>(ask: () => Promise<T> | T) => expect.poll(ask, { timeout: 20_000 })

const spectrogram = (page: Page) => page.getByRole('img', { name: 'Spectrogram' })
const waveform = (page: Page) => page.getByRole('img', { name: 'Waveform', exact: true })

/** Brightness of each column of the spectrogram, 0 to 255. */
const columns = async (page: Page): Promise<number[]> =>
  await spectrogram(page).locator('canvas').evaluate((element) => {
    const canvas = element as unknown as { width: number; height: number; getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } } }
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return Array.from({ length: canvas.width }, (_, x) => {
      let sum = 0
      for (let y = 0; y < canvas.height; y++) sum += data[4 * (y * canvas.width + x)]! + data[4 * (y * canvas.width + x) + 1]! + data[4 * (y * canvas.width + x) + 2]!
      return sum / canvas.height / 3
    })
  })
const spread = async (page: Page): Promise<number> => {
  const all = await columns(page)
  return Math.max(...all) - Math.min(...all)
}
/** Pixels that WaveSurfer drew. */
const inked = async (page: Page): Promise<number> =>
  await waveform(page).evaluate((pane) => {
    type Node = { shadowRoot: Node | null; querySelectorAll(what: string): Node[] }
    const host = [...(pane as unknown as Node).querySelectorAll('div')].find((div) => div.shadowRoot)
    const canvas = host?.shadowRoot?.querySelectorAll('.canvases canvas')[0] as unknown as { width: number; height: number; getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } } } | undefined
    if (!canvas) return 0
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) count++
    return count
  })
const readout = (page: Page, name: string) => page.locator('section[aria-label="Playback"] dl div').filter({ hasText: name }).locator('dd')
/** Where the playhead is; 0 where there is none, or it has just gone. */
const left = async (page: Page): Promise<number> =>
  await page.getByTestId('playhead').evaluateAll((all) => (all[0] as unknown as { getBoundingClientRect(): { x: number } } | undefined)?.getBoundingClientRect().x ?? 0)

describe.skipIf(chromiumPath() === null)(`the Editor in a browser${chromiumPath() === null ? ` (${NO_BROWSER})` : ''}`, () => {
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    studio = await studioInBrowser()
    const words = join(studio.folder, 'words')
    mkdirSync(words)
    // 1 kHz in the first second, 3 kHz in the second.
    writeFileSync(join(words, 'two-tones.wav'), encodeWav(Float32Array.from([...tone(1000, 1), ...tone(3000, 1)]), RATE))
    const long = join(studio.folder, 'long')
    mkdirSync(long)
    const file = openSync(join(long, 'two-hours.wav'), 'w')
    writeSync(file, wavHeader(HOURS * 3600 * RATE, RATE))
    const minute = new Uint8Array(60 * RATE * 2)
    for (let i = 0; i < HOURS * 60; i++) writeSync(file, minute)
    writeSync(file, Uint8Array.of(0xff, 0x7f), 0, 2, 44 + 2 * Math.round(CLICK))
    closeSync(file)
    using library = unwrap(openLibrary(join(studio.folder, 'library')))
    unwrap(await importFolder(library, { path: words, dataset: 'words', labels: { from: 'none' }, link: false }))
    unwrap(await importFolder(library, { path: long, dataset: 'long', labels: { from: 'none' }, link: true }))
    opened = await studio.open()
    opened.page.setDefaultTimeout(8000)
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await opened.page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(() => studio[Symbol.asyncDispose]())

  it('opens a clip by double click, and shows its waveform and spectrogram', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'words' }).first().click()
    await page.getByRole('row').filter({ hasText: 'two-tones.wav' }).dblclick()
    await page.getByRole('heading', { name: 'two-tones.wav' }).waitFor()
    await soon(() => inked(page)).toBeGreaterThan(5000)
    await soon(async () => Math.max(...(await columns(page)))).toBeGreaterThan(3)
    await page.getByRole('tab', { name: 'View' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('says what lies under the pointer: time, frequency, level', async () => {
    const { page } = opened
    const box = (await spectrogram(page).boundingBox())!
    // A quarter of two seconds; a quarter of 4 kHz from below, where the first tone is.
    await page.mouse.move(box.x + box.width / 4, box.y + box.height * 0.75)
    await soon(() => readout(page, 'Frequency').textContent()).toMatch(/^(99\d|1,00\d) Hz$/)
    expect(await readout(page, 'Time').textContent()).toMatch(/^0:00\.(49|50)/)
    // Half of full scale is 6 dB below it.
    await soon(() => readout(page, 'Level').textContent()).toMatch(/^-(5\.5|6\.0|6\.5) dB$/)
    await page.mouse.move(box.x + (box.width * 3) / 4, box.y + box.height * 0.75)
    await soon(async () => Number.parseFloat((await readout(page, 'Level').textContent()) ?? '0')).toBeLessThan(-60)
  })

  it('zooms by keys and by the wheel at the pointer, and shows all again', async () => {
    const { page } = opened
    const box = (await spectrogram(page).boundingBox())!
    await page.mouse.move(box.x + box.width / 4, box.y + 20)
    await page.keyboard.down('Control')
    for (let i = 0; i < 10; i++) await page.mouse.wheel(0, -120)
    await page.keyboard.up('Control')
    // What was under the pointer still is.
    await soon(() => readout(page, 'Time').textContent()).toMatch(/^0:00\.(49|50)/)
    await page.mouse.move(box.x + box.width - 2, box.y + 20)
    expect(await readout(page, 'Time').textContent()).toMatch(/^0:00\.[56]/)
    await page.mouse.wheel(400, 0)
    await soon(() => readout(page, 'Time').textContent()).not.toMatch(/^0:00\.5/)
    await page.keyboard.press('0')
    await soon(() => readout(page, 'Time').textContent()).toMatch(/^0:01\.99|^0:02\.00/)
    for (let i = 0; i < 14; i++) await page.keyboard.press('+')
    // Single samples now: a line with a point for each.
    await soon(() => inked(page)).toBeGreaterThan(500)
    await page.keyboard.press('0')
  })

  it('plays with a playhead that moves, stops at the end of what is selected, and plays backwards', async () => {
    const { page } = opened
    await page.keyboard.press('Home')
    await page.keyboard.press('Space')
    await page.getByTestId('playhead').first().waitFor()
    const first = await left(page)
    await soon(() => left(page)).toBeGreaterThan(first + 40)
    await page.getByTestId('playhead').first().waitFor({ state: 'detached' })
    const box = (await waveform(page).boundingBox())!
    await page.mouse.move(box.x + 300, box.y + 50)
    await page.mouse.down()
    await page.mouse.move(box.x + 500, box.y + 55, { steps: 4 })
    await page.mouse.up()
    await page.keyboard.press('Space')
    await page.getByTestId('playhead').first().waitFor()
    const places: number[] = []
    for (let at = await left(page); at > 0; at = await left(page)) places.push(at - box.x)
    expect(new Set(places).size).toBeGreaterThan(3)
    expect(Math.min(...places)).toBeGreaterThanOrEqual(298)
    expect(Math.max(...places)).toBeLessThanOrEqual(502)
    await page.keyboard.press('Escape')
    await page.keyboard.press('End')
    await page.keyboard.press('j')
    await page.getByTestId('playhead').first().waitFor()
    const from = await left(page)
    await soon(() => left(page)).toBeLessThan(from - 40)
    await page.keyboard.press('k')
    await page.getByTestId('playhead').first().waitFor({ state: 'detached' })
    // The cursor stayed where it was stopped.
    expect(await page.getByLabel('Time of the cursor').textContent()).toMatch(/^0:01\./)
  })

  it('plays only the frequencies of a band that is selected on the spectrogram', async () => {
    const { page } = opened
    const box = (await spectrogram(page).boundingBox())!
    await page.mouse.move(box.x + 100, box.y + box.height * 0.5)
    await page.mouse.down()
    await page.mouse.move(box.x + 400, box.y + box.height * 0.9, { steps: 4 })
    await page.mouse.up()
    await page.mouse.move(5, 5)
    await soon(() => readout(page, 'Band').textContent()).toMatch(/^(39\d|40\d) – (1,99\d|2,00\d) Hz$/)
    await page.keyboard.press('Space')
    await page.getByTestId('playhead').first().waitFor()
    await page.keyboard.press('Space')
    await page.keyboard.press('Escape')
  })

  it('changes colours, range and axis without asking for anything, and asks for tiles of another window', async () => {
    const { page } = opened
    let asked = 0
    page.on('request', (request) => {
      if (request.url().includes('/spectrogram/')) asked++
    })
    const before = await columns(page)
    await page.getByRole('radio', { name: 'Viridis' }).click()
    await soon(async () => (await columns(page)).some((value, x) => Math.abs(value - before[x]!) > 5)).toBe(true)
    await page.getByLabel('Axis').selectOption('Mel')
    await page.getByRole('slider', { name: 'Gain' }).press('ArrowRight')
    await page.getByRole('slider', { name: 'Dynamic range' }).press('ArrowRight')
    await page.getByText('71 dB').waitFor()
    expect(asked).toBe(0)
    await page.getByLabel('Length').selectOption({ index: 2 })
    await soon(() => asked).toBeGreaterThan(0)
    await soon(async () => Math.max(...(await columns(page)))).toBeGreaterThan(3)
    await page.getByRole('button', { name: 'Default settings' }).click()
  })

  it('opens two hours, and shows one loud sample in its column at every zoom', async () => {
    const { page } = opened
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'long' }).first().click()
    await page.getByRole('row').filter({ hasText: 'two-hours.wav' }).dblclick()
    await page.getByRole('heading', { name: 'two-hours.wav' }).waitFor()
    // The waveform has it at once, when it is measured so far.
    await soon(() => inked(page)).toBeGreaterThan(1000)
    const box = (await spectrogram(page).boundingBox())!
    const click = CLICK / RATE
    const timeAt = async (x: number): Promise<number> => {
      await page.mouse.move(box.x + x, box.y + 30)
      const text = (await readout(page, 'Time').textContent()) ?? ''
      return text.split(':').reduce((sum, part) => 60 * sum + Number(part), 0)
    }
    const loudest = async (): Promise<number> => {
      const all = await columns(page)
      return all.indexOf(Math.max(...all))
    }
    // Towards the click, each time by eight notches at the pixel where it must be.
    for (let i = 0; i < 6; i++) {
      const [start, end] = [await timeAt(0), await timeAt(box.width - 1)]
      await page.mouse.move(box.x + Math.round(((click - start) / (end - start)) * (box.width - 1)), box.y + 30)
      await page.keyboard.down('Control')
      for (let notch = 0; notch < 8; notch++) await page.mouse.wheel(0, -120)
      await page.keyboard.up('Control')
      if (i < 3) continue
      // 0.04 s: the window that the click is in, and a pixel.
      await soon(() => spread(page)).toBeGreaterThan(1)
      await soon(async () => Math.abs((await timeAt((await loudest()) + 0.5)) - click)).toBeLessThan(0.04)
    }
    await page.keyboard.press('0')
    await page.keyboard.press('End')
    await page.keyboard.press('j')
    await page.getByTestId('playhead').first().waitFor()
    await page.keyboard.press('Escape')
  })

  it('says that a linked recording is gone, and goes on when it is back', async () => {
    const { page } = opened
    const path = join(studio.folder, 'long', 'two-hours.wav')
    renameSync(path, `${path}.away`)
    await page.keyboard.press('Escape')
    await page.getByRole('row').filter({ hasText: 'two-hours.wav' }).dblclick()
    await page.getByRole('alert').getByText('two-hours.wav is no longer at').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    renameSync(`${path}.away`, path)
    await page.getByRole('button', { name: 'Try again' }).click()
    await spectrogram(page).waitFor()
    await soon(() => inked(page)).toBeGreaterThan(1000)
    await page.keyboard.press('Escape')
    await page.getByRole('grid').waitFor()
  })

  it.each([
    ['light, in Spanish, small', { colorScheme: 'light', locale: 'es', viewport: { width: 1280, height: 720 } }, 'Vista'],
    ['dark, large', { colorScheme: 'dark', viewport: { width: 2560, height: 1440 } }, 'View'],
  ] as const)('is accessible and does not overflow: %s', async (_, options, tab) => {
    const { page, context } = await studio.open(options)
    await page.goto(`${studio.served.origin}/#/editor/1`)
    await page.getByRole('tab', { name: tab }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    const overflow = await page.evaluate('document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight')
    expect(overflow).toBe(false)
    await context.close()
  })

  it('kept to its content security policy, its own origin, and a quiet console throughout', () => {
    // A file that is gone is an answer of the server, which the browser's console repeats; the test itself reads pixels.
    expect(studio.complaints.filter((line) => !line.includes('404 (Not Found)') && !line.includes('willReadFrequently'))).toEqual([])
  })
})
