import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLibrary } from '../../src-main/catalog/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { saveArchitecture } from '../../src-main/training/index.ts'

const project = join(import.meta.dirname, '..', '..')
const samples = join(project, 'resources', 'samples', 'digits-en')
let folder: string
let library: string
let recordings: string

type Line = { readonly type: string } & Record<string, unknown>

/** Runs the real command line in a process of its own, as a person's shell does. */
function espectro(...args: string[]) {
  const done = spawnSync(process.execPath, [join(project, 'bin', 'espectro.mjs'), '--library', library, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ESPECTRO_NO_INSTALL: '1' },
  })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

function json(...args: string[]) {
  const { code, out, err } = espectro('--json', ...args)
  const lines = out.trimEnd().split('\n').filter((l) => l !== '').map((l) => JSON.parse(l) as Line)
  return { code, lines, last: lines.at(-1) as Line, err }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-cli-'))
  library = join(folder, 'library')
  recordings = join(folder, 'recordings')
  mkdirSync(recordings)
  // Three words by every voice of the sample set, and one file that is not audio.
  for (const label of ['one', 'two', 'three'])
    for (const file of readdirSync(join(samples, label))) cpSync(join(samples, label, file), join(recordings, file))
  writeFileSync(join(recordings, 'two_nobody_0.wav'), 'this is text')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('usage', () => {
  it('shows help for the program and for every command, with exit code 0', () => {
    const help = espectro('--help')
    expect(help.code).toBe(0)
    for (const command of ['import', 'datasets', 'stats', 'labels', 'split', 'train', 'runs', 'run', 'evaluate', 'log', 'export', 'recognise', 'architectures', 'demo', 'doctor']) {
      expect(help.out).toContain(command)
      const own = espectro(command, '--help')
      expect({ command, code: own.code, starts: own.out.startsWith(`Usage: espectro ${command === 'recognise' ? 'recognise' : command}`) }).toEqual({ command, code: 0, starts: true })
    }
  })

  it.each([
    ['an unknown command', ['frobnicate']],
    ['a missing argument', ['stats']],
    ['a missing option', ['import', '.']],
    ['an unknown option', ['datasets', '--fast']],
    ['a bad number', ['train', 'd', '--epochs', '-3']],
    ['a bad choice', ['train', 'd', '--device', 'abacus']],
    ['a bad shape', ['architectures', 'lenet5', '--input', '64by64']],
    ['an unknown architecture', ['architectures', 'lenet6']],
    ['options that do not go together', ['import', '.', '--dataset', 'x', '--labels', 'folder', '--csv', 'a.csv']],
  ])('answers %s with exit code 2 and a sentence', (_, args) => {
    const { code, err, out } = espectro(...args)
    expect(code).toBe(2)
    expect(err.length).toBeGreaterThan(10)
    expect(out).toBe('')
  })

  it('answers what is not there with exit code 1, the code NOT_FOUND and a hint', () => {
    const { code, last } = json('stats', 'nothing')
    expect(code).toBe(1)
    expect(last).toMatchObject({ type: 'error', code: 'NOT_FOUND' })
  })

  it('shows an architecture layer by layer', () => {
    const { code, last } = json('architectures', 'lenet5', '--input', '1x28x28', '--classes', '10')
    expect(code).toBe(0)
    expect(last).toMatchObject({ type: 'result', parameters: 61_706 })
  })

  it('writes an architecture as a file that is an architecture too', () => {
    const file = join(folder, 'gelu.json')
    const { code, last } = json('architectures', 'tc-resnet8', '--activation', 'gelu', '--out', file)
    expect(code).toBe(0)
    expect(last).toMatchObject({ file, input: [1, 40, 101] })
    const again = json('architectures', file, '--input', '1x40x101').last
    expect(again['layers']).toEqual(last['layers'])
    expect((again['layers'] as { type: string }[]).map((l) => l.type)).toContain('gelu')
  })
})

describe('an architecture of the library', () => {
  it('is listed, shown and trained by its name', () => {
    const own = join(folder, 'own-library')
    const opened = unwrap(openLibrary(own))
    unwrap(saveArchitecture(opened, { name: 'tiny-net', title: 'Tiny', input: 'any', layers: [{ type: 'flatten' }, { type: 'linear', units: 'classes' }] }))
    opened.close()
    const shown = json('--library', own, 'architectures', 'tiny-net', '--input', '1x4x5', '--classes', '3').last
    expect(shown).toMatchObject({ type: 'result', name: 'tiny-net', parameters: 63 })
    expect(json('--library', own, 'architectures').last['architectures']).toContainEqual(expect.objectContaining({ name: 'tiny-net', own: true }))
    // The name is known; the dataset is not.
    expect(json('--library', own, 'train', 'nothing', '--model', 'tiny-net').last).toMatchObject({ type: 'error', code: 'NOT_FOUND', message: expect.stringContaining('nothing') as string })
    expect(json('--library', own, 'train', 'nothing', '--model', 'big-net').last).toMatchObject({ type: 'error', code: 'USAGE', hint: expect.stringContaining('tiny-net') as string })
  })
})

describe('the main job, command by command', () => {
  let run: string
  const model = () => join(folder, 'three-words.onnx')

  it('imports, reports the broken file, and adds nothing the second time', () => {
    const first = json('import', recordings, '--dataset', 'words', '--labels', 'filename', '--pattern', '{label}_{speaker}_{take}')
    expect(first.code).toBe(0)
    expect(first.last).toMatchObject({ type: 'result', added: 180, duplicates: 0 })
    expect(first.last['failed']).toMatchObject([{ file: expect.stringContaining('two_nobody_0.wav') as string, message: expect.any(String) as string }])
    expect(json('import', recordings, '--dataset', 'words', '--labels', 'filename').last).toMatchObject({ added: 0, duplicates: 180 })
  })

  it('lists datasets, labels and statistics', () => {
    expect(json('datasets').last).toMatchObject({ datasets: [{ name: 'words', clips: 180, labels: 3 }] })
    expect(json('labels', 'words').last['labels']).toHaveLength(3)
    const stats = json('stats', 'words').last
    expect(stats).toMatchObject({ clips: 180, unlabelled: 0 })
    expect(stats['perSpeaker']).toHaveLength(12)
  })

  it('splits by speaker and by condition', () => {
    expect(json('split', 'words', '--test-where', 'take<1').last).toMatchObject({ counts: { test: 36 } })
    const bad = json('split', 'words', '--test-where', 'take<<1')
    expect(bad.code).not.toBe(0)
    const bySpeaker = json('split', 'words', '--group', 'speaker', '--test', '0.2', '--validation', '0.2', '--seed', '1').last
    expect(bySpeaker['warnings']).toEqual([])
    expect((bySpeaker['counts'] as { test: number }).test).toBeGreaterThan(0)
  })

  it('trains, with progress a line each and the result last', () => {
    const { code, lines, last, err } = json('train', 'words', '--model', 'lenet5', '--epochs', '12', '--batch', '32', '--seed', '3', '--threads', '1', '--device', 'cpu', '--name', 'try')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(lines.filter((l) => l.type === 'epoch')).toHaveLength(12)
    expect(last).toMatchObject({ type: 'result', device: 'cpu', epochs: 12, 'test.accuracy': expect.any(Number) as number, 'validation.accuracy': expect.any(Number) as number })
    expect(last['parameters']).toBeGreaterThan(100_000)
    // Three clear words by a synthesiser: chance is a third.
    expect(last['test.accuracy']).toBeGreaterThan(0.6)
    run = last['run'] as string
    expect(json('runs').last['runs']).toMatchObject([{ run, name: 'try', status: 'finished' }])
    expect(json('run', run).last).toMatchObject({ run, status: 'finished' })
  })

  it('writes runs as files of TensorBoard and W&B', () => {
    const to = join(folder, 'logs')
    const [events] = json('log', to).last['files'] as string[]
    expect(events).toMatch(/try-[0-9a-f]{4}.events\.out\.tfevents\.\d+\./)
    const [offline] = json('log', to, run, '--format', 'wandb').last['files'] as string[]
    expect(offline).toBe(join(to, 'wandb', `offline-run-${run.slice(0, 8)}_${/offline-run-\d+_(\d+)-/.exec(offline!)![1]}-${run}`, `run-${run}.wandb`))
    // The last event and the last record were written whole.
    expect(readFileSync(events!).includes('_hparams_/session_end_info')).toBe(true)
    expect(readFileSync(offline!).subarray(0, 4).toString()).toBe(':W&B')
    expect(readFileSync(offline!).includes('validation.accuracy')).toBe(true)
  })

  it('evaluates the same numbers again', () => {
    const trained = json('run', run).last['summary'] as Record<string, number>
    const { last } = json('evaluate', run, '--split', 'test')
    expect(last['accuracy']).toBe(trained['test.accuracy'])
    expect(last['confusion']).toHaveLength(3)
    expect(last).toHaveProperty('macroF1')
  })

  it('exports one file, and recognises with it what the evaluation recognised', () => {
    expect(json('export', run, '--out', model()).code).toBe(0)
    expect(existsSync(model())).toBe(true)
    const files = readdirSync(recordings).filter((f) => f.startsWith('three_') && f.endsWith('_0.opus')).slice(0, 4).map((f) => join(recordings, f))
    const { last, code } = json('recognise', model(), ...files)
    expect(code).toBe(0)
    const results = last['files'] as { file: string; label: string; probability: number; scores: Record<string, number> }[]
    expect(results).toHaveLength(4)
    for (const r of results) {
      expect(Object.keys(r.scores).sort()).toEqual(['one', 'three', 'two'])
      expect(r.scores[r.label]).toBeCloseTo(r.probability, 6)
      expect(Object.values(r.scores).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4)
    }
  })

  it('exports in 8 bits, for an older opset, without front end, with card and folder', () => {
    const [file, card, place] = ['small.onnx', 'card.md', 'exports'].map((name) => join(folder, name)) as [string, string, string]
    const { code, last } = json('export', run, '--out', file, '--precision', 'int8', '--opset', '15', '--no-front-end', '--card', card, '--folder', place, '--example', '--language', 'es')
    expect(code).toBe(0)
    expect(last).toMatchObject({ file, precision: 'int8', opset: 15, frontEnd: false, card, folder: expect.stringContaining(place) })
    expect(readFileSync(card, 'utf8')).toContain('## Uso previsto')
    expect(readdirSync(String(last['folder'])).sort()).toEqual(['README.md', 'browser', 'card.md', 'example.wav', 'front-end.json', 'front-end.onnx', 'labels.json', 'model.onnx', 'node', 'python'])
    // The file that takes features is recognised with all the same: its settings say which front end belongs before it.
    const sound = readdirSync(recordings).find((f) => f.endsWith('.opus'))!
    expect(json('recognise', file, join(recordings, sound)).code).toBe(0)
    expect(json('export', run).code).toBe(2)
    expect(json('export', run, '--out', file, '--opset', '12').code).toBe(2)
    expect(json('export', run, '--out', file, '--precision', 'int4').code).toBe(2)
  })

  it('goes on with the other files when one cannot be read, and says so', () => {
    const good = readdirSync(recordings).find((f) => f.startsWith('one_') && f.endsWith('.opus'))!
    const { last, code } = json('recognise', model(), join(recordings, 'two_nobody_0.wav'), join(recordings, good))
    expect(code).toBe(1)
    expect(last).toMatchObject({ type: 'result', failed: [{ message: expect.any(String) as string }] })
    expect(last['files']).toHaveLength(1)
  })

  it('stops at Ctrl-C without losing anything, and goes on from there', async () => {
    const child = spawn(process.execPath, [join(project, 'bin', 'espectro.mjs'), '--library', library, '--json', 'train', 'words', '--epochs', '30', '--batch', '16', '--threads', '1', '--device', 'cpu', '--name', 'stopped'], {
      env: { ...process.env, ESPECTRO_NO_INSTALL: '1' },
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let out = ''
    let interrupted = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (interrupted || !out.includes('"type":"epoch"')) return
      interrupted = true
      // The whole process group gets it, as from a terminal.
      process.kill(-child.pid!, 'SIGINT')
    })
    const [code] = (await once(child, 'exit')) as [number | null]
    const last = JSON.parse(out.trimEnd().split('\n').at(-1)!) as Line
    expect({ code, last }).toMatchObject({ code: 1, last: { type: 'error', code: 'CANCELLED' } })
    const stopped = (json('runs').last['runs'] as { run: string; name: string; status: string }[]).find((r) => r.name === 'stopped')!
    expect(stopped.status).toBe('stopped')
    const resumed = json('train', 'words', '--resume', stopped.run)
    expect(resumed.code).toBe(0)
    expect(resumed.lines.find((l) => l.type === 'started')!['resumedFrom']).toBeGreaterThan(0)
    expect(resumed.last).toMatchObject({ run: stopped.run, epochs: 30, status: 'finished' })
  })

  it('leaves nothing temporary in the library', () => {
    const left = readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((f) => f.includes('tmp'))
    expect(left).toEqual([])
    expect(readFileSync(join(library, 'catalog.sqlite')).subarray(0, 15).toString()).toBe('SQLite format 3')
  })
})
