import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract, IDS_LIMIT } from '../../src-contract/index.ts'
import { createRandom } from '../../src-main/kit/index.ts'
import { everything, importWords, testStudio, TRANSPORTS, type Connected, type TestStudio } from '../support/studio.ts'

/** Every call there is, by its path; new ones are fuzzed without anyone thinking of it. */
const paths = (node: object, above: readonly string[] = []): string[][] =>
  Object.entries(node).flatMap(([name, entry]) =>
    typeof entry === 'object' && entry !== null && '~orpc' in entry ? [[...above, name]] : paths(entry as object, [...above, name]),
  )
const CALLS = paths(contract)
/** Streams that run until they are stopped, and calls that take no input: what is sent to them is ignored or refused. */
const NO_INPUT = new Set(['inspection.stopCheck', 'inspection.watchCheck', 'architectures.types', 'augmentation.policies', 'library.info', 'library.changes', 'datasets.list', 'imports.samples', 'experiments.list', 'models.list', 'models.binned', 'runs.binned', 'training.devices', 'training.hold', 'training.proceed', 'training.watch', 'history.state', 'history.undo', 'history.redo', 'quality.progress', 'quality.pause', 'quality.resume', 'bin.summary', 'bin.empty'])

const SETTINGS = {
  frontEnd: { kind: 'logmel' }, architecture: {}, augment: {}, loss: {}, optimizer: {}, schedule: {},
  clipNorm: null, epochs: 1, batch: 1, seed: 0, bestMetric: 'loss', patience: null, select: 'best',
}

const EXPERIMENT = {
  base: SETTINGS, axes: [{ field: 'rate', low: 0.001, high: 0.1, logarithmic: true, points: 3 }],
  method: { type: 'random', trials: 3, seed: 1 }, measure: 'accuracy', test: 'none', device: 'cpu', threads: 1,
}
const ABOUT = { intendedUse: '', limits: '', licence: '' }

/** A right input for each call that takes one; the fuzz breaks one thing of it at a time. */
const rightInputs = (dataset: number): Record<string, Record<string, unknown>> => ({
  'datasets.create': { name: 'other' },
  'datasets.rename': { dataset, name: 'words' },
  'datasets.duplicate': { dataset },
  'datasets.remove': { dataset },
  'labels.list': { dataset },
  'labels.add': { dataset, name: 'other' },
  'labels.reorder': { dataset, labels: [1, 2] },
  'labels.merge': { dataset, from: 1, into: 2 },
  'labels.remove': { dataset, label: 1, clips: 'unlabel' },
  'labels.update': { dataset, label: 1, name: 'x', colour: '#123456', shortcut: 'x' },
  'clips.page': { filter: everything(dataset), sort: { by: 'name', descending: false }, offset: 0, limit: 10 },
  'clips.facets': { filter: everything(dataset) },
  'clips.ids': { filter: everything(dataset), sort: { by: 'name', descending: false }, offset: 0, limit: 10 },
  'clips.setLabel': { clips: { dataset, ids: [1] }, label: null },
  'clips.setSplit': { clips: { dataset, ids: [1] }, split: 'train' },
  'clips.setHard': { clips: { dataset, ids: [1] }, hard: true },
  'clips.acceptSuggestions': { clips: { dataset, ids: [1] } },
  'clips.suggest': { dataset, suggestions: [{ clip: 1, label: 1, probability: 0.5 }] },
  'clips.dropSuggestions': { dataset },
  'clips.setReview': { clips: { dataset, ids: [1] }, review: 'new' },
  'clips.bin': { clips: { dataset, ids: [1] } },
  'clips.restore': { clips: { dataset, ids: [1] } },
  'clips.setSpeaker': { clips: { dataset, ids: [1] }, speaker: 'x' },
  'clips.move': { clips: { dataset, ids: [1] }, to: dataset },
  'splits.state': { dataset },
  'splits.preview': { dataset, request: SPLIT },
  'splits.apply': { dataset, request: SPLIT },
  'splits.lockTest': { dataset, locked: true },
  'filters.list': { dataset },
  'filters.save': { name: 'x', filter: everything(dataset) },
  'filters.rename': { dataset, filter: 1, name: 'x' },
  'filters.remove': { dataset, filter: 1 },
  'bin.restoreDataset': { dataset },
  'recordings.open': { clip: 1 },
  'recordings.clips': { dataset, recording: 'a'.repeat(64), offset: 0, limit: 10 },
  'uploads.open': { files: [{ name: 'a.txt', bytes: 1e15 }] },
  'uploads.finish': { upload: 'A'.repeat(22) },
  'uploads.close': { upload: 'A'.repeat(22) },
  'takes.keep': { upload: 'A'.repeat(22), name: 'a.wav', dataset: 'x', label: null, speaker: null, session: null, take: 1 },
  'imports.tables': { place: 'A'.repeat(22) },
  'imports.table': { place: 'A'.repeat(22), table: 'a.csv', options: { delimiter: null, header: null, columns: null } },
  'quality.clip': { clip: 1 },
  'quality.keepBest': { dataset, likeness: 'same' },
  'regions.create': { dataset, recording: '0'.repeat(64), spans: [{ start: 0, end: 10 }], label: 1 },
  'regions.place': { dataset, clip: 1, start: 0, end: 10, band: { low: 1, high: 2 }, gesture: 'g' },
  'regions.split': { dataset, clip: 1, at: 5 },
  'regions.merge': { dataset, clips: [1, 2] },
  'regions.snap': { recording: '0'.repeat(64), at: 5, to: 'zero' },
  'regions.segment': {
    recording: '0'.repeat(64),
    settings: { threshold: 12, relative: true, minSound: 0.1, minSilence: 0.1, padding: 0, maxLength: 2 },
  },
  'regions.setEdits': { clips: { dataset, ids: [1] }, edits: [{ kind: 'gain', db: 1 }], gesture: 'g' },
  'review.queue': { filter: everything(dataset), sort: { by: 'name', descending: false }, waiting: 'new' },
  'review.clips': { dataset, ids: [1] },
  'review.decide': { dataset, clip: 1, decision: { label: null, review: 'new' } },
  'review.takeBack': { dataset, clip: 1, decided: { entry: 1, before: { label: null, review: 'new' } } },
  'recordings.measure': { recording: 'a'.repeat(64) },
  'runs.list': { dataset: null },
  'architectures.describe': { architecture: SETTINGS.architecture, frontEnd: SETTINGS.frontEnd, classes: 2 },
  'architectures.activation': { architecture: SETTINGS.architecture, activation: 'relu' },
  'architectures.save': { architecture: { name: 'mine', title: 'Mine', input: 'any', layers: [{ type: 'flatten' }, { type: 'linear', units: 'classes' }] } },
  'architectures.remove': { name: 'mine' },
  'augmentation.fitted': { frontEnd: SETTINGS.frontEnd },
  'augmentation.save': { name: 'mine', policy: { version: 1, steps: [] } },
  'augmentation.remove': { name: 'mine' },
  'augmentation.preview': { clip: 1, frontEnd: 'logmel-64x64', policy: { version: 1, steps: [] }, seed: 0, draws: 1 },
  'runs.get': { run: 'nothing' },
  'compare.table': { which: 'present' },
  'compare.curves': { groups: [['nothing']], names: ['train.loss'], axis: 'step', smoothing: 0.5, spread: 'range', points: 100 },
  'compare.disagreements': { a: 'nothing', b: 'nothing', split: 'test' },
  'compare.measure': { run: 'nothing' },
  'compare.logs': { runs: ['nothing'], format: 'wandb' },
  'runs.curves': { run: 'nothing', points: 100, layers: false },
  'runs.predictions': { run: 'nothing', split: 'test' },
  'runs.annotate': { run: 'nothing', name: 'x', tags: ['x'], note: '', favourite: true },
  'runs.remove': { run: 'nothing' },
  'runs.restore': { run: 'nothing' },
  'training.choices': { dataset },
  'training.plan': { dataset, settings: SETTINGS },
  'training.estimate': { dataset, settings: SETTINGS, device: 'cpu', threads: 1 },
  'training.start': { dataset, settings: SETTINGS, device: 'cpu', threads: 1, name: null, test: true },
  'training.resume': { run: 'nothing', epochs: null },
  'training.pause': { run: 'nothing' },
  'training.end': { run: 'nothing' },
  'training.move': { run: 'nothing', before: null },
  'experiments.get': { experiment: 'nothing' },
  'experiments.plan': { dataset, request: EXPERIMENT },
  'experiments.estimate': { dataset, request: EXPERIMENT },
  'experiments.start': { dataset, request: EXPERIMENT, name: 'x' },
  'experiments.cancel': { experiment: 'nothing' },
  'experiments.resume': { experiment: 'nothing', failed: false },
  'experiments.remove': { experiment: 'nothing' },
  'experiments.restore': { experiment: 'nothing' },
  'experiments.rename': { experiment: 'nothing', name: 'x' },
  'experiments.compare': { experiment: 'nothing', reference: 0, split: 'test' },
  'experiments.curves': { experiment: 'nothing', measure: 'loss' },
  'maps.make': { dataset, of: { kind: 'features', frontEnd: 'logmel-64x64' }, reduction: { method: 'pca' } },
  'maps.clips': { dataset },
  'inspection.scores': { run: 'nothing', split: 'test' },
  'inspection.labelCheck': { dataset },
  'inspection.checkLabels': { run: 'nothing', folds: 5, by: 'recording' },
  'inspection.resumeCheck': { dataset },
  'inspection.removeCheck': { dataset },
  'inspection.nextClips': { run: 'nothing', count: 10, method: 'badge' },
  'inspection.corrections': { run: 'nothing' },
  'networks.layers': { run: 'nothing' },
  'networks.look': { run: 'nothing', clip: 1, class: 0, layer: 'conv1' },
  'networks.filters': { run: 'nothing', layer: 'conv1' },
  'networks.occlude': { run: 'nothing', clip: 1, class: 0, size: [4, 4], stride: [2, 2] },
  'networks.gradients': { run: 'nothing', clips: 8 },
  'networks.backpropagate': { network: { kind: 'dense', inputs: 2, hidden: [], outputs: 2 }, activation: 'tanh', loss: 'squared', learningRate: 1, seed: 0, target: 0, steps: 0 },
  'models.export': { run: 'none', name: null, precision: 'float32' },
  'models.measure': { model: 'a'.repeat(64) },
  'models.make': { run: 'none', name: null, precisions: ['float32'], opset: 18, temperature: null, about: ABOUT, language: 'en', measure: true },
  'models.card': { model: 'a'.repeat(64), language: 'en' },
  'models.draft': { run: 'none', name: null, about: ABOUT, language: 'es' },
  'models.saveFolder': { model: 'a'.repeat(64), place: 'A'.repeat(22), language: 'en', frontEnd: true, example: false },
  'models.update': { model: 'a'.repeat(64), name: 'x' },
  'models.remove': { model: 'a'.repeat(64) },
  'models.restore': { model: 'a'.repeat(64) },
  'models.purge': { model: 'a'.repeat(64) },
  'recognition.listen': {
    model: 'a'.repeat(64),
    options: { mode: 'sounds', hop: 0.02, smoothing: 8, smoothings: {}, threshold: 0.5, thresholds: {}, refractory: 0.25, gate: 9 },
  },
  'detection.files': { model: 'a'.repeat(64), place: 'A'.repeat(22), hop: 0.1, watch: false, csv: DETECT },
  'detection.list': { job: 'A'.repeat(22), settings: DETECT },
  'detection.export': { job: 'A'.repeat(22), settings: DETECT, format: 'csv' },
  'detection.keep': { job: 'A'.repeat(22), file: 0, start: 0, end: 1, dataset: 'words', label: null },
  'detection.close': { job: 'A'.repeat(22) },
  'detection.sessions': { dataset },
  'detection.calibrate': { model: 'a'.repeat(64), source: { from: 'place', place: 'A'.repeat(22), background: true }, hop: 0.1, tolerance: 0.25 },
  'detection.workingPoint': { model: 'a'.repeat(64) },
  'detection.setWorkingPoint': { model: 'a'.repeat(64), point: { threshold: 0.5, smoothing: 0.3, labels: {} }, inFile: false },
  'detection.parity': { model: 'a'.repeat(64) },
  'files.find': { place: 'A'.repeat(22) },
  'files.openArchive': { place: 'A'.repeat(22), name: 'x.espectro' },
  'files.openModel': { place: 'A'.repeat(22), name: 'x.onnx' },
  'files.inspectModel': { place: 'A'.repeat(22), name: 'x.onnx' },
  'files.adoptModel': {
    place: 'A'.repeat(22), name: 'x.onnx',
    declaration: { name: 'x', frontEnd: { kind: 'logmel', version: 1 }, layout: 'N1FT', labels: ['a', 'b'], outputs: 'logits', output: null },
  },
  'recognition.keep': { session: 'A'.repeat(22), start: 0, end: 1, dataset: 'words', label: null },
  'recognition.hear': { session: 'A'.repeat(22), samples: 'AAAA' },
  'imports.places': { place: null },
  'imports.open': { path: '/' },
  'imports.preview': { place: 'A'.repeat(22), labels: { from: 'folder' } },
  'exports.dataset': { dataset, place: 'A'.repeat(22) },
  'imports.start': { place: 'A'.repeat(22), dataset: 'x', labels: { from: 'folder' }, link: false, decoded: null },
})

const DETECT = { threshold: 0.5, smoothing: 3, thresholds: {}, smoothings: {}, minimumDuration: 0.2, suppression: 0.4 }
const SPLIT = { group: 'speaker', seed: 1, validation: 0.1, test: { by: 'fraction', fraction: 0.1 } }

const OPTIONAL = new Set(['models.update.name', 'models.update.note', 'regions.place.band', 'regions.place.gesture', 'regions.setEdits.gesture', 'labels.remove.clips', 'labels.update.name', 'labels.update.colour', 'labels.update.shortcut', 'runs.annotate.name', 'runs.annotate.tags', 'runs.annotate.note', 'runs.annotate.favourite'])

const frame = (path: readonly string[], body: string): string => `{"i":"1","p":{"u":"/${path.join('/')}","b":${body}}}`
/** JSON text, so that `__proto__` is a key like any other and NaN travels as the protocol writes it. */
const bodyOf = (json: string, meta = ''): string => `{"json":${json}${meta === '' ? '' : `,"meta":${meta}`}}`

interface Answer {
  readonly status: number
  readonly code: string
}
function readAnswer(text: string): Answer {
  const { p } = JSON.parse(text) as { p: { s?: number; b?: { json?: { code?: string } } } }
  return { status: p.s ?? 200, code: p.b?.json?.code ?? '' }
}

/** Values that no field of the contract takes. */
const WRONG_VALUES = ['"\\u0000"', '-1', '1e308', '0.5', '{}', '[]', '[[]]', 'true', '{"constructor":{"prototype":{}}}', `"${'x'.repeat(100_000)}"`, '"../../etc/passwd\\u0000"', '[null]', '{"json":1}']

describe.each(TRANSPORTS)('fuzz of every call over a %s', (_, connect) => {
  let test: TestStudio
  let connected: Connected
  let dataset = 0
  let before = ''
  const snapshot = async (): Promise<string> =>
    JSON.stringify([
      await connected.client.datasets.list(),
      await connected.client.labels.list({ dataset }),
      await connected.client.clips.page({ filter: everything(dataset), sort: { by: 'added', descending: false }, offset: 0, limit: 500 }),
    ])

  beforeAll(async () => {
    test = testStudio()
    connected = await connect(test)
    dataset = await importWords(connected.client, test.recordings)
    await test.studio.services.quality.settled()
    before = await snapshot()
  })
  afterAll(async () => {
    // Nothing that was refused has changed anything, nothing threw unforeseen, and the connection still works.
    expect(await snapshot()).toBe(before)
    expect(test.bugs).toEqual([])
    expect(Object.prototype).not.toHaveProperty('polluted')
    await connected[Symbol.asyncDispose]()
    await test[Symbol.asyncDispose]()
  })

  it('knows a right input of every call that takes one', () => {
    expect(Object.keys(rightInputs(dataset)).sort()).toEqual(CALLS.map((p) => p.join('.')).filter((c) => !NO_INPUT.has(c)).sort())
  })

  const refused = async (path: readonly string[], body: string): Promise<void> => {
    const text = await connected.raw(frame(path, body))
    // Refused as a wrong value, or the connection ended: never done, never an internal error.
    if (text !== null) expect(readAnswer(text), `${path.join('.')} ← ${body.slice(0, 200)}`).toMatchObject({ code: 'INVALID' })
  }

  it.each(CALLS.filter((p) => !NO_INPUT.has(p.join('.'))).map((p) => [p.join('.'), p] as const))('%s refuses what is not of its schema', async (name, path) => {
    const right = rightInputs(dataset)[name]!
    const json = JSON.stringify(right)
    const bodies = [
      ...['null', '1', '"x"', '[]', 'true'].map((whole) => bodyOf(whole)),
      bodyOf(json.replace('{', '{"unknown":1,')),
      bodyOf(json.replace('{', '{"__proto__":{"polluted":1},')),
      bodyOf(json.replace('{', '{"constructor":{"prototype":{"polluted":1}},')),
      ...Object.keys(right).filter((key) => !OPTIONAL.has(`${name}.${key}`)).map((key) => bodyOf(JSON.stringify({ ...right, [key]: undefined }))),
      // NaN, a Date, a Map, a Set, a regular expression, a big integer where a value stands.
      ...Object.keys(right).flatMap((key) => [
        bodyOf(JSON.stringify({ ...right, [key]: null }), `[[2,"${key}"]]`),
        bodyOf(JSON.stringify({ ...right, [key]: '2020-01-01T00:00:00Z' }), `[[1,"${key}"]]`),
        bodyOf(JSON.stringify({ ...right, [key]: [] }), `[[7,"${key}"]]`),
        bodyOf(JSON.stringify({ ...right, [key]: [] }), `[[6,"${key}"]]`),
        bodyOf(JSON.stringify({ ...right, [key]: '/(a+)+$/' }), `[[5,"${key}"]]`),
        bodyOf(JSON.stringify({ ...right, [key]: '12' }), `[[0,"${key}"]]`),
      ]),
    ]
    for (const body of bodies) await refused(path, body)
    const random = createRandom(name)
    for (let i = 0; i < 40; i++) {
      const key = Object.keys(right)[random.int(Object.keys(right).length)]!
      const value = WRONG_VALUES[random.int(WRONG_VALUES.length)]!
      if (isFine(name, key, value)) continue
      await refused(path, bodyOf(JSON.stringify({ ...right, [key]: '@' }).replace('"@"', () => value)))
    }
  })

  it('refuses arrays that are too long', async () => {
    const ids = JSON.stringify(Array.from({ length: IDS_LIMIT + 1 }, (_, i) => i + 1))
    await refused(['clips', 'bin'], bodyOf(`{"clips":{"dataset":${dataset},"ids":${ids}}}`))
    await refused(['clips', 'bin'], bodyOf(`{"clips":{"filter":${JSON.stringify(everything(dataset))},"except":${ids}}}`))
    await refused(['clips', 'page'], bodyOf(JSON.stringify({ ...rightInputs(dataset)['clips.page'], filter: { ...everything(dataset), speakers: Array.from({ length: 2000 }, () => 'x') } })))
  })

  it.each([
    ['text that is not JSON', 'hello'],
    ['half a frame', '{"i":"1","p":{"u":"/library'],
    ['an array', '[1,2,3]'],
    ['no id', '{"p":{"u":"/library/info"}}'],
    ['an id that is a number', '{"i":1,"p":{"u":"/library/info"}}'],
    ['no request', '{"i":"1"}'],
    ['an address elsewhere', '{"i":"1","p":{"u":"http://example.org/library/info"}}'],
    ['another method', '{"i":"1","p":{"u":"/library/info","m":"GET"}}'],
    ['headers that choose another parser', '{"i":"1","p":{"u":"/labels/list","h":{"content-type":"multipart/form-data; boundary=x"},"b":{}}}'],
    ['headers of a file', '{"i":"1","p":{"u":"/labels/list","h":{"content-disposition":"attachment; filename=x"},"b":{}}}'],
    ['events for a stream that nobody opened', '{"i":"1","t":3,"p":{"e":"message","d":{}}}'],
    ['an unknown kind', '{"i":"1","t":9,"p":{}}'],
    ['annotations that are no list', '{"i":"1","p":{"u":"/labels/list","b":{"json":{"dataset":1},"meta":"x"}}}'],
    ['bytes', new Uint8Array([123, 125, 255, 0])],
    ['a frame that is too long', `{"i":"1","p":{"u":"/labels/list","b":{"json":"${'x'.repeat(5 << 20)}"}}}`],
  ])('ends the connection after %s', async (_name, bad) => {
    expect(await connected.raw(bad)).toBeNull()
  })

  it.each(['/nowhere', '/', '/__proto__', '/library/__proto__', '/library', '/constructor/constructor', '/library/info/info'])('has no call at %s', async (url) => {
    const text = await connected.raw(`{"i":"1","p":{"u":"${url}"}}`)
    expect(readAnswer(text!).status).toBe(404)
  })

  it('survives an annotation that points nowhere', async () => {
    for (const meta of ['[[2,"dataset","deeper"]]', '[[2,"__proto__","polluted"]]', '[[3]]', '[[]]', '[[99,"x"]]', '[[7,"constructor","prototype"]]']) {
      const text = await connected.raw(frame(['labels', 'list'], bodyOf(`{"dataset":${dataset}}`, meta)))
      expect([200, 400, 500]).toContain(readAnswer(text!).status)
    }
  })
})

/** Fields that take an empty list, and fields that take `true`. */
const LISTS = new Set(['regions.setEdits.edits', 'runs.annotate.tags'])
const FLAGS = new Set(['models.make.measure', 'models.saveFolder.frontEnd', 'models.saveFolder.example', 'clips.setHard.hard', 'runs.annotate.favourite', 'runs.curves.layers', 'training.start.test', 'experiments.resume.failed', 'detection.files.watch', 'detection.setWorkingPoint.inFile'])

/** Of the wrong values, those that this field does take. */
function isFine(call: string, key: string, value: string): boolean {
  if (value === '[]') return LISTS.has(`${call}.${key}`)
  if (value === '{}') return false
  if (value === 'true' && FLAGS.has(`${call}.${key}`)) return true
  if (call === 'imports.open' && key === 'path') return true
  if (call === 'models.make' && key === 'temperature' && value === '0.5') return true
  // Base64 of silence: the session is what does not exist.
  if (call === 'recognition.hear' && key === 'samples' && value.startsWith('"x')) return true
  if (call === 'networks.backpropagate' && key === 'learningRate' && value === '0.5') return true
  if (call.startsWith('detection.') && (key === 'hop' || key === 'tolerance') && value === '0.5') return true
  // Seconds: any number that is not negative.
  if (call === 'detection.keep' && (key === 'start' || key === 'end') && (value === '0.5' || value === '1e308')) return true
  if (call === 'recognition.keep' && (key === 'start' || key === 'end') && (value === '0.5' || value === '1e308')) return true
  return (key === 'dataset' && call === 'imports.start' && value.startsWith('"..')) || ((key === 'link' || key === 'locked') && value === 'true')
}
