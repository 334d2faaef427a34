/**
 * Makes the pictures of the README anew: a studio in a real browser, on the Free Spoken Digit Dataset, with a few short trainings.
 *
 *     node_modules/.bin/node tools/make-screenshots.ts [VIEW…]
 *
 * Needs the built page (`npm run build`), a Chromium, and the dataset (`ESPECTRO_FSDD`). Everything is made in a folder that is
 * removed again; the pictures go to docs/images.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { findFsdd } from '../bench/lib/fsdd.ts'
import { studioInBrowser } from '../tests/support/browser.ts'

const recordings = findFsdd()
if (recordings === null) process.exit(1)

const project = join(import.meta.dirname, '..')
const images = join(project, 'docs', 'images')

function espectro(library: string, ...args: string[]): Record<string, unknown> {
  const done = spawnSync(process.execPath, [join(project, 'bin', 'espectro.mjs'), '--library', library, '--json', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const last = JSON.parse(done.stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>
  if (last['type'] !== 'result') throw new Error(`espectro ${args.join(' ')}: ${done.stdout.slice(-400)}`)
  return last
}

const trained: string[] = []
/** What the pictures show: new speakers to test on, and runs with and without augmentation. */
function prepare(library: string): void {
  espectro(library, 'import', recordings!, '--dataset', 'digits', '--labels', 'filename', '--pattern', '{label}_{speaker}_{take}', '--link')
  espectro(library, 'split', 'digits', '--test-speakers', 'theo')
  for (const augment of ['none', 'speakers'])
    for (const model of ['lenet5', 'tc-resnet8']) {
      const name = `${model}, ${augment === 'none' ? 'raw' : 'augmented'}`
      trained.push(espectro(library, 'train', 'digits', '--model', model, '--augment', augment, '--epochs', '12', '--name', name)['run'] as string)
    }
  espectro(library, 'export', trained[2]!, '--out', join(library, '..', 'digits.onnx'))
}

type Shot = (page: Page) => Promise<unknown>
const open = async (page: Page, address: string): Promise<void> => {
  await page.evaluate(`location.hash = ${JSON.stringify(address)}`)
  await page.waitForTimeout(2500)
}
const shots: Readonly<Record<string, Shot>> = {
  library: async (page) => {
    await open(page, '#/library')
    await page.getByRole('row').nth(3).click()
  },
  editor: async (page) => {
    await open(page, '#/library')
    await page.getByRole('row').nth(5).click()
    await page.keyboard.press('Control+e')
    await page.waitForTimeout(3000)
  },
  train: async (page) => {
    await open(page, '#/train')
    await page.getByText('lenet5, augmented').first().click()
  },
  compare: (page) => open(page, '#/compare'),
  inspect: (page) => open(page, `#/inspect/${trained[2]}`),
  recognise: (page) => open(page, '#/recognise'),
}

const wanted = process.argv.slice(2)
await using studio = await studioInBrowser({ prepare })
const { page } = await studio.open()
for (const [name, shot] of Object.entries(shots)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  await shot(page)
  await page.waitForTimeout(1500)
  await page.screenshot({ path: join(images, `${name}-dark.png`) })
  process.stdout.write(`docs/images/${name}-dark.png\n`)
}
