import { describe, expect, it } from 'vitest'
import type { ComparedRun, LiveRun, Run, RunTable, SettingValue } from '../../../src-contract/index.ts'
import { joinLines, withEdges } from '../../../src-renderer/components/lines.ts'
import { readCompareLayout } from '../../../src-renderer/stores/compare-layout.ts'
import { difference, largestChanges, shares } from '../../../src-renderer/views/compare/confusion.ts'
import { sameClips, settingRows } from '../../../src-renderer/views/compare/differences.ts'
import { FIELD_BY_ID, FIELDS, rowsOf, settingField, type Field, type TableRow } from '../../../src-renderer/views/compare/fields.ts'
import { paretoFront } from '../../../src-renderer/views/compare/pareto.ts'
import { assignSlots, isDashed, RUN_COLOURS, runColour } from '../../../src-renderer/views/compare/run-colours.ts'
import { runsToCsv } from '../../../src-renderer/views/compare/run-csv.ts'
import { parseNumber, parseRunFilter, passesFilter, splitTerms, termFor } from '../../../src-renderer/views/compare/run-filter.ts'
import { compareCells, entriesOf, groupRows, sortRows } from '../../../src-renderer/views/compare/run-groups.ts'

type Config = NonNullable<Run['config']>
interface Given {
  readonly name?: string
  readonly run?: Partial<Run>
  readonly config?: Partial<Config>
  readonly summary?: Partial<Run['summary']>
  readonly settings?: Record<string, SettingValue>
  readonly policy?: string | null
}
let made = 0
function run({ name = 'run', run: more = {}, config = {}, summary = {}, settings = {}, policy = 'standard' }: Given): ComparedRun & { readonly settings: Record<string, SettingValue> } {
  const id = `run-${made++}`
  return {
    settings, frontEnd: 'logmel-64x64', policy, macs: 1000, cost: null, parts: [],
    run: {
      id, name, dataset: 1, datasetName: 'digits', status: 'finished', createdAt: '2026-05-01T10:00:00.000Z', startedAt: '2026-05-01T10:00:00.000Z', finishedAt: '2026-05-01T10:01:30.000Z',
      tags: [], note: '', favourite: false, group: null,
      config: { architecture: 'lenet5', frontEnd: 'logmel', augmentSteps: 3, optimizer: 'adamw', schedule: 'oneCycle', rate: 0.003, epochs: 10, batch: 64, seed: 1, device: 'cpu', threads: null, labels: 10, clips: { train: 100, validation: 10, test: 10 }, splitHash: 'same', ...config },
      summary: { epochs: 10, steps: 20, parameters: 61_706, secondsPerEpoch: 1, chosenEpoch: 9, device: 'cpu', trainLoss: 0.5, trainAccuracy: 0.9, validationLoss: 0.6, validationAccuracy: 0.85, validationMacroF1: 0.8, testAccuracy: null, testMacroF1: null, error: null, ...summary },
      ...more,
    },
  }
}
function rows(given: readonly Given[]): TableRow[] {
  const all = given.map(run)
  const settings = [...new Set(all.flatMap((r) => Object.keys(r.settings)))]
  const table: RunTable = {
    settings, groups: [{ id: 'g1', name: 'Seeds', kind: 'experiment' }],
    parts: all.map(({ settings: own }) => ({ at: Object.keys(own).map((path) => settings.indexOf(path)), values: Object.values(own) })),
    runs: all.map(({ settings: _own, ...r }, i) => ({ ...r, parts: [i] })),
  }
  return rowsOf(table)
}

describe('the filter of runs', () => {
  const list = rows([
    { name: 'first try', run: { tags: ['raw', 'baseline'], favourite: true }, config: { rate: 0.003, seed: 1 }, summary: { validationAccuracy: 0.93 }, settings: { 'optimizer.weightDecay': 0.01 } },
    { name: 'gru long', run: { note: 'with two words', status: 'failed', group: 'g1' }, config: { architecture: 'gru', rate: 0.01, seed: 2 }, summary: { parameters: 250_000, validationAccuracy: null }, settings: { 'optimizer.weightDecay': 0 } },
    { name: 'crnn', run: { createdAt: '2026-06-02T10:00:00.000Z' }, config: { architecture: 'crnn', rate: 0.0003, seed: 3, batch: 16 }, summary: { validationAccuracy: 0.5 }, policy: null },
  ])
  const byName = (name: string): Field | undefined => FIELDS.find((f) => f.id === name || f.also?.includes(name)) ?? (name.includes('.') ? settingField(name, list) : undefined)
  const names = (line: string): string[] => {
    const filter = parseRunFilter(line, byName)
    expect(filter.problems).toEqual([])
    return list.filter((row) => passesFilter(row, filter)).map((row) => row.run.name)
  }
  it.each<[string, string[]]>([
    ['', ['first try', 'gru long', 'crnn']],
    ['try', ['first try']],
    ['RAW', ['first try']],
    ['"two words"', ['gru long']],
    ['seeds', ['gru long']],
    ['-try', ['gru long', 'crnn']],
    ['architecture:nn', ['crnn']],
    ['architecture:gru,crnn', ['gru long', 'crnn']],
    ['model=gru', ['gru long']],
    ['architecture!=gru', ['first try', 'crnn']],
    ['rate<0.003', ['crnn']],
    ['lr<=3e-3', ['first try', 'crnn']],
    ['rate=0.01', ['gru long']],
    ['accuracy>=93%', ['first try']],
    ['accuracy>0.4', ['first try', 'crnn']],
    ['accuracy=none', ['gru long']],
    ['parameters>100k', ['gru long']],
    ['seed:2..3', ['gru long', 'crnn']],
    ['seed:..1', ['first try']],
    ['seed:1,3', ['first try', 'crnn']],
    ['is:favourite', ['first try']],
    ['-is:favourite -status:failed', ['crnn']],
    ['tag:base', ['first try']],
    ['tag=base', []],
    ['tags=none', ['gru long', 'crnn']],
    ['note:"two words"', ['gru long']],
    ['group:seeds', ['gru long']],
    ['policy=none', ['crnn']],
    ['dataset:digits batch=16', ['crnn']],
    ['optimizer.weightDecay>0', ['first try']],
    ['created>=2026-06', ['crnn']],
    ['duration=90', ['first try', 'gru long', 'crnn']],
  ])('%s', (line, wanted) => expect(names(line)).toEqual(wanted))

  it.each([
    ['speed>3', 'field'], ['is:seed', 'field'], ['rate<', 'value'], ['rate<fast', 'number'], ['seed:1..x', 'number'], ['note>3', 'number'], ['seed:..', 'number'],
  ])('says what is wrong with %s and filters by the rest', (bad, reason) => {
    const filter = parseRunFilter(`gru ${bad}`, byName)
    expect(filter.problems).toEqual([{ text: bad, reason }])
    expect(filter.terms).toHaveLength(1)
  })

  it('keeps quoted pieces whole, and writes terms that hold for a value', () => {
    expect(splitTerms('a note:"b c" -"d e" ')).toEqual(['a', 'note:"b c"', '-"d e"'])
    expect(['0.5', '50%', '3e-4', '61.7k', '2M', '0,5', 'x', ''].map(parseNumber)).toEqual([0.5, 0.5, 0.0003, 61_700, 2e6, 0.5, null, null])
    for (const row of list) {
      for (const field of FIELDS.filter((f) => f.kind !== 'time')) {
        const filter = parseRunFilter(termFor(field, field.value(row)), byName)
        expect(filter.problems).toEqual([])
        expect(passesFilter(row, filter), `${field.id} ${row.run.name}`).toBe(true)
      }
    }
  })
})

describe('the rows of the table', () => {
  const list = rows([
    { name: 'a', config: { seed: 1 }, summary: { validationAccuracy: 0.8 } },
    { name: 'b', config: { seed: 2 }, summary: { validationAccuracy: 0.9 } },
    { name: 'c', config: { architecture: 'gru' }, summary: { validationAccuracy: 0.84 } },
    { name: 'd', config: { architecture: 'gru' }, summary: { validationAccuracy: null } },
  ])
  const accuracy = FIELD_BY_ID.get('accuracy')!
  const architecture = FIELD_BY_ID.get('architecture')!

  it('are sorted either way, with what has no value last', () => {
    expect(sortRows(list, accuracy, true).map((r) => r.run.name)).toEqual(['b', 'c', 'a', 'd'])
    expect(sortRows(list, accuracy, false).map((r) => r.run.name)).toEqual(['a', 'c', 'b', 'd'])
    expect(['m10', 'm2'].toSorted((a, b) => compareCells(a, b, false))).toEqual(['m2', 'm10'])
  })

  it('are grouped with mean and deviation, groups placed by their mean', () => {
    const groups = groupRows(sortRows(list, accuracy, true), [architecture], FIELDS, { field: accuracy, descending: true })
    expect(groups.map((g) => [g.values.get('architecture'), g.rows.map((r) => r.run.name)])).toEqual([['lenet5', ['b', 'a']], ['gru', ['c', 'd']]])
    const spread = groups[0]!.spread.get('accuracy')!
    expect(spread.mean).toBeCloseTo(0.85, 12)
    expect(spread.deviation).toBeCloseTo(Math.SQRT1_2 / 10, 12)
    expect(groups[1]!.spread.get('accuracy')).toEqual({ mean: 0.84, deviation: null, count: 1 })
    expect(groups[0]!.spread.has('seed')).toBe(false)
    expect(entriesOf(groups, new Set([groups[0]!.key])).map((e) => (e.kind === 'row' ? e.row.run.name : e.open))).toEqual([false, true, 'c', 'd'])
  })

  it('show what a training says while it goes on', () => {
    const live = { run: list[0]!.id, progress: { loss: 0.25, accuracy: 0.97 }, epoch: { epoch: 4, validation: { loss: 0.3, accuracy: 0.95 } } } as unknown as LiveRun
    const row = { ...list[0]!, live }
    expect(['status', 'done', 'trainloss', 'loss', 'accuracy'].map((id) => FIELD_BY_ID.get(id)!.value(row))).toEqual(['running', 4, 0.25, 0.3, 0.95])
    expect(FIELD_BY_ID.get('duration')!.value(row)).toBe(90)
  })

  it('become CSV that a spreadsheet reads as text and numbers', () => {
    const [tricky] = rows([{ name: '=1+1, "x"', run: { tags: ['a', 'b'], note: 'two\nlines' }, summary: { validationLoss: -0.5 } }])
    const csv = runsToCsv([tricky!], ['name', 'tags', 'note', 'loss', 'created', 'test'].map((id) => FIELD_BY_ID.get(id)!))
    expect(csv).toBe(`id,name,tags,note,loss,created,test\r\n${tricky!.id},"'=1+1, ""x""",a b,"two\nlines",-0.5,2026-05-01T10:00:00.000Z,\r\n`)
  })
})

describe('settings side by side', () => {
  it('tell what differs, without the layers of different architectures', () => {
    const list = rows([
      { settings: { batch: 64, 'architecture.name': 'lenet5', 'architecture.conv1.filters': 6, 'optimizer.type': 'adamw' } },
      { settings: { batch: 32, 'architecture.name': 'lenet5', 'architecture.conv1.filters': 8, 'optimizer.type': 'adamw', 'optimizer.momentum': 0.9 } },
    ])
    const differing = settingRows(list).filter((r) => r.differs)
    expect(differing.map((r) => [r.path, r.values])).toEqual([['batch', [64, 32]], ['architecture.conv1.filters', [6, 8]], ['optimizer.momentum', [undefined, 0.9]]])
    const other = rows([{ settings: { 'architecture.name': 'gru', 'architecture.gru1.units': 3 } }])
    expect(settingRows([...list, ...other]).some((r) => r.path.startsWith('architecture.') && r.path !== 'architecture.name')).toBe(false)
    expect(sameClips(list)).toBe(true)
    expect(sameClips([...list, ...rows([{ config: { splitHash: 'other' } }])])).toBe(false)
  })
})

describe('confusions', () => {
  it('become shares of their rows, and differences', () => {
    expect(shares([[3, 1], [0, 0]])).toEqual([[0.75, 0.25], [0, 0]])
    const delta = difference([[5, 1, 0], [2, 3, 0], [0, 0, 4]], [[4, 0, 2], [2, 3, 0], [1, 0, 3]])
    expect(delta).toEqual([[1, 1, -2], [0, 0, 0], [-1, 0, 1]])
    expect(largestChanges(delta, 2)).toEqual([{ truth: 0, predicted: 2, change: -2 }, { truth: 0, predicted: 1, change: 1 }])
  })
})

describe('the Pareto front', () => {
  it('is what no other point beats, by trying every pair', () => {
    const points = Array.from({ length: 200 }, (_, i) => ({ id: String(i), cost: (i * 7919) % 37, gain: (i * 104_729) % 41 }))
    const beats = (p: (typeof points)[0], q: (typeof points)[0]): boolean => p.cost <= q.cost && p.gain >= q.gain && (p.cost < q.cost || p.gain > q.gain)
    const wanted = points.filter((q) => !points.some((p) => beats(p, q))).map((p) => p.id)
    const front = paretoFront(points)
    expect(front.map((p) => p.id).toSorted()).toEqual(wanted.toSorted())
    expect(front.map((p) => p.cost)).toEqual(front.map((p) => p.cost).toSorted((a, b) => a - b))
    expect(paretoFront([])).toEqual([])
  })
})

describe('colours of runs', () => {
  it('stay with a run while it is chosen, and begin again with dashes', () => {
    const first = assignSlots(new Map(), ['a', 'b', 'c'])
    expect([...first]).toEqual([['a', 0], ['b', 1], ['c', 2]])
    expect([...assignSlots(first, ['c', 'd', 'a'])]).toEqual([['c', 2], ['a', 0], ['d', 1]])
    expect(runColour(RUN_COLOURS, 'dark')).toBe(runColour(0, 'dark'))
    expect([isDashed(0), isDashed(RUN_COLOURS)]).toEqual([false, true])
  })

  it('have three to one against their ground', () => {
    const channel = (hex: string, at: number): number => { const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 }
    const light = (hex: string): number => 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5)
    for (const [theme, ground] of [['dark', '#0e1013'], ['light', '#ffffff']] as const) {
      for (let slot = 0; slot < RUN_COLOURS; slot++) {
        const [a, b] = [light(runColour(slot, theme)), light(ground)].toSorted((x, y) => y - x)
        expect((a! + 0.05) / (b! + 0.05)).toBeGreaterThanOrEqual(3)
      }
    }
  })
})

describe('bands of curves', () => {
  it('are drawn between two lines of their own', () => {
    const lines = [{ name: 'mean', colour: '#123456', x: [1, 2], y: [3, 4], band: { low: [2, 3], high: [5, 6] } }, { name: 'one', colour: '#654321', x: [2], y: [9] }]
    expect(joinLines(lines.flatMap(withEdges))).toEqual([[1, 2], [3, 4], [5, 6], [2, 3], [null, 9]])
  })
})

describe('the layout of the comparison', () => {
  it('is found again as it was stored', () => {
    const layout = { ...readCompareLayout(null), columns: ['name', 'optimizer.weightDecay'], tab: 'cost' as const, groupBy: ['policy'], axes: ['rate', 'test'], widths: { name: 300 }, split: 0.6 }
    expect(readCompareLayout(JSON.stringify(layout))).toEqual(layout)
  })

  it.each(['', 'x', '[]', 'null', '{"columns":3,"tab":"x","split":9,"sort":[],"widths":[1],"smoothing":2}'])('keeps what makes sense of %s', (text) => {
    expect(readCompareLayout(text)).toEqual(readCompareLayout(null))
  })

  it('always has the name first', () => {
    expect(readCompareLayout('{"columns":["test","name","test"]}').columns).toEqual(['name', 'test'])
  })
})
