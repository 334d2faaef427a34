import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDecodePool, encodeWav } from '../../src-main/audio/index.ts'
import { createRandom, unwrap } from '../../src-main/kit/index.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER, studioInBrowser, type Opened, type StudioInBrowser } from '../support/browser.ts'
import { fsddFiles, fsddFolder, NO_FSDD } from '../support/fsdd.ts'

const project = join(import.meta.dirname, '..', '..')
const RATE = 48_000
const DIGITS = 20
/** Seconds of noise after the digits, in which nothing should be detected. */
const NOISE_SECONDS = 20

function espectro(library: string, ...args: string[]): void {
  const done = spawnSync(process.execPath, [join(project, 'bin', 'espectro.mjs'), '--library', library, ...args], { encoding: 'utf8', env: { ...process.env, ESPECTRO_NO_INSTALL: '1' } })
  if (done.status !== 0) throw new Error(`espectro ${args.join(' ')}: ${done.stderr}`)
}

const why = chromiumPath() === null ? NO_BROWSER : fsddFolder === null ? NO_FSDD : null

/** Real digits that the model was not trained on, spoken into a fake microphone. */
describe.skipIf(why !== null)(`a model that listens (else: ${why ?? 'everything is here'})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-listen-'))
  /** What is said into the microphone, and when: seconds. */
  const said: { readonly label: string; readonly start: number; readonly end: number }[] = []
  let studio: StudioInBrowser
  let opened: Opened

  beforeAll(async () => {
    const sound = join(folder, 'microphone.wav')
    const whole = await microphoneSound()
    writeFileSync(sound, encodeWav(whole, RATE))
    studio = await studioInBrowser({
      args: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${sound}%noloop`],
      prepare(library) {
        espectro(library, 'import', fsddFolder!, '--dataset', 'digits', '--labels', 'filename', '--pattern', '{label}_{speaker}_{take}', '--link')
        espectro(library, 'split', 'digits', '--test-where', 'take<5')
        espectro(library, 'train', 'digits', '--model', 'lenet5', '--epochs', '10', '--seed', '0', '--device', 'cpu', '--name', 'Digits')
      },
    })
    opened = await studio.open({ permissions: ['microphone'] })
    // The same session as files: with a label track, and what is no recording.
    mkdirSync(join(studio.folder, 'session'))
    writeFileSync(join(studio.folder, 'session', 'digits.wav'), encodeWav(whole, RATE))
    writeFileSync(join(studio.folder, 'session', 'digits.txt'), said.map((d) => `${d.start}\t${d.end}\t${d.label}\n`).join(''))
    writeFileSync(join(studio.folder, 'session', 'broken.wav'), 'RIFF and nothing more')
  })
  afterAll(async () => {
    await studio?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  async function microphoneSound(): Promise<Float32Array> {
    await using pool = createDecodePool()
    const random = createRandom(7)
    const takes = fsddFiles((_digit, _speaker, take) => take < 5)
    const pieces = [new Float32Array(2 * RATE)]
    for (let i = 0; i < DIGITS; i++) {
      const path = takes[Math.floor(random.next() * takes.length)]!
      const { samples } = unwrap(await pool.decode({ path, sampleRate: RATE }))
      const start = pieces.reduce((sum, p) => sum + p.length, 0)
      said.push({ label: basename(path)[0]!, start: start / RATE, end: (start + samples.length) / RATE })
      pieces.push(samples, new Float32Array(0.7 * RATE))
    }
    pieces.push(new Float32Array(NOISE_SECONDS * RATE))
    const whole = new Float32Array(pieces.reduce((sum, p) => sum + p.length, 0))
    let at = 0
    for (const piece of pieces) {
      whole.set(piece, at)
      at += piece.length
    }
    // A room is never silent: −60 dBFS of white noise.
    return whole.map((x) => x + 0.001 * random.normal())
  }

  it('is exported with one click, hears at least nine digits of ten, and keeps still in noise', async () => {
    const { page } = opened
    await page.goto(`${studio.served.origin}/#/recognise`)
    await page.getByRole('button', { name: 'Export' }).click()
    const listen = page.getByRole('button', { name: 'Listen' })
    await listen.click()
    const rows = page.locator('tbody tr')
    await rows.first().waitFor()
    await rows.nth(0.9 * DIGITS - 1).waitFor({ timeout: 90_000 })
    // One key makes the newest detection a clip.
    await page.keyboard.press('Enter')
    await page.getByText(/^Kept in digits/).waitFor()
    await rows.getByText('kept:').first().waitFor()
    await page.waitForTimeout(NOISE_SECONDS * 1000)
    const heard: string[] = (await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-label')!))).toReversed()
    const spoken = said.map((d) => d.label)
    expect(agreeing(spoken, heard), `${spoken.join(' ')} was heard as ${heard.join(' ')}`).toBeGreaterThanOrEqual(0.9 * DIGITS)
    // The whole lasts about a minute: beside one for each digit there is at most one more.
    expect(heard.length).toBeLessThanOrEqual(DIGITS + 1)
    await page.getByRole('button', { name: 'Stop' }).click()
    await listen.waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('the microphone, files and the exported file agree: one button', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Check the three paths' }).click()
    await page.getByText(/^The same: /).waitFor()
  })

  /** Opens the folder in the dialog. The second time the dialog stands there already. */
  async function chooseFolder(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Choose files or a folder…' }).click()
    const dialog = page.getByRole('dialog')
    const inside = dialog.getByText(/^2 /)
    const session = dialog.getByRole('button', { name: 'session', exact: true })
    await inside.or(session).first().waitFor()
    if (await session.isVisible()) await session.click()
    await inside.waitFor()
    await dialog.getByRole('button', { name: 'Choose this folder' }).click()
  }

  it('recognises a folder: a table that thresholds change at once, sounds to hear, files that failed', async () => {
    const { page } = opened
    await page.keyboard.press('Alt+2')
    await page.getByText('Drop recordings here').waitFor()
    await chooseFolder(page)
    await page.getByText(/^1 file failed$/).waitFor()
    await page.getByText('broken.wav').waitFor()
    const table = page.getByRole('grid', { name: 'Detections' })
    await table.locator('[data-label]').first().waitFor()
    const count = async () => Number(await table.getAttribute('aria-rowcount')) - 1
    const found = await count()
    expect(found).toBeGreaterThanOrEqual(DIGITS / 2)
    // Threshold to its end: nothing is as sure; and back.
    const slider = page.getByRole('slider', { name: 'Threshold' })
    await slider.focus()
    await page.keyboard.press('Home')
    await expect.poll(count).toBeGreaterThan(found - 1)
    await page.getByRole('combobox', { name: 'Show one label' }).selectOption(said[0]!.label)
    await expect.poll(async () => new Set(await table.locator('[data-label]').evaluateAll((rows) => rows.map((r) => r.getAttribute('data-label')))).size).toBe(1)
    await page.getByRole('combobox', { name: 'Show one label' }).selectOption('')
    await table.focus()
    await page.keyboard.press('ArrowDown')
    const heard = page.waitForResponse((response) => response.url().includes('/detected/'))
    await page.keyboard.press('Space')
    expect((await heard).status()).toBeLessThan(300)
    await page.keyboard.press('Enter')
    await table.getByText(/^kept: /).first().waitFor()
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Raven' }).click()
    expect((await saving).suggestedFilename()).toContain('selections')
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('calibrates on labels: a point is proposed, used, saved, and the other pages start from it', async () => {
    const { page } = opened
    await page.keyboard.press('Alt+3')
    await page.getByText('At which threshold should it work?').waitFor()
    await chooseFolder(page)
    const use = page.getByRole('button', { name: 'Use for all labels' })
    await use.waitFor({ timeout: 120_000 })
    await page.getByRole('img', { name: /^Curve of false rejects/ }).waitFor()
    await use.click()
    const shown = await page.getByText(/^All labels: /).textContent()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Working point saved', { exact: true }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    const percent = Math.round(Number(/([\d.]+) %/.exec(shown!)![1]))
    await page.keyboard.press('Alt+2')
    await page.getByText('Drop recordings here').waitFor()
    await expect.poll(async () => Math.round(100 * Number(await page.getByRole('slider', { name: 'Threshold' }).getAttribute('aria-valuenow')))).toBe(percent)
  })

  it('says why where the microphone is not allowed', async () => {
    const { page, context } = await studio.open({ permissions: [] })
    await context.addInitScript(`navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))`)
    await page.goto(`${studio.served.origin}/#/recognise`)
    await page.reload()
    await page.getByRole('button', { name: 'Listen' }).click()
    await page.getByRole('alert').getByText('was not allowed').waitFor()
    await page.getByRole('button', { name: 'Listen' }).waitFor()
    expect(studio.complaints).toEqual([])
  })
})

/** How many of the spoken digits were heard, in their order: the longest common subsequence. */
function agreeing(spoken: readonly string[], heard: readonly string[]): number {
  const table = Array.from({ length: spoken.length + 1 }, () => new Array<number>(heard.length + 1).fill(0))
  for (const [i, a] of spoken.entries())
    for (const [j, b] of heard.entries()) table[i + 1]![j + 1] = a === b ? table[i]![j]! + 1 : Math.max(table[i]![j + 1]!, table[i + 1]![j]!)
  return table[spoken.length]![heard.length]!
}
