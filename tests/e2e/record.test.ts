import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { serve, type Served } from '../../src-main/app/serve.ts'
import { decodeAudio, encodeWav, resample } from '../../src-main/audio/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { accessibilityProblems, chromiumPath, NO_BROWSER } from '../support/browser.ts'
import { fsddFiles, fsddFolder, NO_FSDD } from '../support/fsdd.ts'

const missing = chromiumPath() === null ? NO_BROWSER : fsddFolder === null ? NO_FSDD : null

/** A real digit every 1.2 s, over and over: what the fake microphone hears. */
async function writeSpeech(path: string): Promise<void> {
  const rate = 48_000
  const sound = new Float32Array(12 * rate)
  for (const [i, file] of fsddFiles((_, speaker, take) => speaker === 'theo' && take === 3).entries()) {
    const { channels, sampleRate } = unwrap(await decodeAudio(readFileSync(file), file))
    const word = resample(channels[0]!, sampleRate, rate)
    const loudest = word.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    sound.set(word.map((x) => (0.5 * x) / loudest), Math.round((0.3 + 1.2 * i) * rate))
  }
  writeFileSync(path, encodeWav(sound, rate))
}

describe.skipIf(missing !== null)(`recording in a browser${missing === null ? '' : ` (${missing})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-record-'))
  const complaints: string[] = []
  let served: Served
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    const speech = join(folder, 'speech.wav')
    await writeSpeech(speech)
    served = unwrap(await serve({ library: join(folder, 'library'), places: [folder] }))
    browser = await chromium.launch({
      executablePath: chromiumPath()!,
      args: ['--no-sandbox', '--disable-gpu', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${speech}`, '--autoplay-policy=no-user-gesture-required'],
    })
    page = await open({ permissions: ['microphone'] })
  })
  async function open(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en', colorScheme: 'dark', reducedMotion: 'reduce', ...options })
    const opened = await context.newPage()
    opened.setDefaultTimeout(60_000)
    opened.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    opened.on('pageerror', (error) => complaints.push(error.message))
    await opened.goto(served.address())
    await opened.keyboard.press('Control+7')
    await opened.getByRole('heading', { name: 'Record' }).waitFor()
    return opened
  }
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await page.screenshot({ path: `test-results/${task.name.replaceAll(/\W+/g, '-')}.png` })
  })
  afterAll(async () => {
    await browser.close()
    await served[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  it('asks which words, and says what it is going to do', async () => {
    await page.getByText('Which words shall be said?').waitFor()
    expect(await page.getByRole('button', { name: /^Record/ }).last().isDisabled()).toBe(true)
    await page.getByRole('textbox', { name: 'Add words' }).fill('siete, ocho')
    await page.keyboard.press('Enter')
    await page.getByLabel('Speaker').fill('ana')
    await page.getByLabel('Dataset').fill('mine')
    await page.getByLabel('Takes of each').fill('3')
    await page.getByLabel('Order').selectOption('byLabel')
    await page.getByLabel('Countdown').selectOption('0')
    await page.getByRole('button', { name: 'Record 6 takes' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('records three takes of two words by keys alone: kept, and one said again', async () => {
    await page.getByRole('button', { name: 'Record 6 takes' }).click()
    const keep = page.getByRole('button', { name: /^Keep/ })
    await page.getByText('siete', { exact: true }).last().waitFor()
    // The level moves with what the microphone hears.
    await expect.poll(async () => Number(await page.getByRole('meter').getAttribute('aria-valuenow')), { interval: 50, timeout: 30_000 }).toBeGreaterThan(-40)
    await page.keyboard.press('Space')
    await expect.poll(() => keep.isEnabled(), { timeout: 30_000 }).toBe(true)
    await page.getByRole('img', { name: 'Waveform of the take' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('r')
    for (let take = 1; take <= 6; take++) {
      await expect.poll(() => keep.isEnabled(), { timeout: 60_000 }).toBe(true)
      await page.keyboard.press('Enter')
      if (take < 6) await page.getByText(`${take} of 6 takes kept`).waitFor()
    }
    await page.getByText('6 takes were kept').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('finds them in the Library with their sound, label and speaker; undo takes the last one back', async () => {
    await page.keyboard.press('Control+1')
    await page.getByText('6 clips', { exact: true }).waitFor()
    const row = page.getByRole('row').filter({ hasText: 'ocho_ana_3.wav' })
    await expect.poll(() => row.textContent(), { timeout: 10_000 }).toMatch(/ocho.*ana/s)
    await row.click()
    const sound = page.waitForResponse((response) => response.url().endsWith('.wav'))
    await page.keyboard.press('Space')
    const { channels, sampleRate } = unwrap(await decodeAudio(new Uint8Array(await (await sound).body()), 'clip.wav'))
    expect(sampleRate).toBeGreaterThanOrEqual(16_000)
    const loudest = channels[0]!.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    expect(loudest).toBeGreaterThan(0.2)
    await page.keyboard.press('Control+z')
    await page.getByText('5 clips', { exact: true }).waitFor()
  })

  it('says why there is no sound when the microphone is not allowed', async () => {
    const refused = await open({ colorScheme: 'light' })
    // The fake dialog of the browser allows everything: the refusal is the page's own answer here.
    await refused.evaluate(`navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))`)
    await refused.getByRole('textbox', { name: 'Add words' }).fill('uno')
    await refused.keyboard.press('Enter')
    await refused.getByRole('button', { name: 'Record 5 takes' }).click()
    await refused.getByRole('alert').getByText('The microphone is not allowed').waitFor()
    expect(await accessibilityProblems(refused)).toEqual([])
    await refused.evaluate(`navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotFoundError'))`)
    await refused.getByRole('button', { name: 'Try again' }).click()
    await refused.getByRole('alert').getByText('There is no microphone').waitFor()
    await refused.context().close()
  })

  it('kept to its content security policy and a quiet console throughout', () => {
    expect(complaints).toEqual([])
  })
})
