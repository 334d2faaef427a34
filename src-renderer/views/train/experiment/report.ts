/** An experiment's result as text: a table for a spreadsheet, and a report to go on writing. Pure. */
import type { ExperimentDetail, ExperimentDifference, MeanInterval } from '@contract'

const quoted = (cell: string | number | null): string => {
  const text = cell === null ? '' : String(cell)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
const line = (cells: readonly (string | number | null)[]): string => cells.map(quoted).join(',')

/** What a condition has along an axis. */
export type NameOf = (axis: ExperimentDetail['axes'][number], value: number) => string

/** One line a condition (of a search: a trial), measures as parts of one; RFC 4180. */
export function resultCsv(detail: ExperimentDetail, nameOf: NameOf): string {
  const measures = [
    ['validation_accuracy', (c: ExperimentDetail['conditions'][number]) => c.validation.accuracy],
    ['validation_macro_f1', (c: ExperimentDetail['conditions'][number]) => c.validation.macroF1],
    ['validation_loss', (c: ExperimentDetail['conditions'][number]) => c.validation.loss],
    ['test_accuracy', (c: ExperimentDetail['conditions'][number]) => c.test.accuracy],
    ['test_macro_f1', (c: ExperimentDetail['conditions'][number]) => c.test.macroF1],
  ] as const
  const head = line([
    ...detail.axes.map((a) => a.field), 'parameters', 'runs', 'epochs', 'status',
    ...measures.flatMap(([name]) => [`${name}_mean`, `${name}_sd`, `${name}_low95`, `${name}_high95`]), 'chosen',
  ])
  const rows = detail.conditions.map((condition, i) => {
    const trials = condition.trials.map((trial) => detail.trials[trial]!)
    return line([
      ...detail.axes.map((axis, a) => nameOf(axis, condition.values[a]!)),
      condition.parameters,
      condition.validation.accuracy?.n ?? 0,
      Math.max(0, ...trials.map((trial) => trial.score?.epochs ?? 0)),
      [...new Set(trials.map((trial) => trial.status))].join(' '),
      ...measures.flatMap(([, of]) => {
        const m = of(condition)
        return m ? [m.mean, m.deviation, m.low, m.high] : [null, null, null, null]
      }),
      detail.chosen?.condition === i ? 1 : 0,
    ])
  })
  return `${[head, ...rows].join('\r\n')}\r\n`
}

export interface ReportTexts {
  /** A text of the report, by its key below `report.`. */
  say(key: string, values?: Readonly<Record<string, string | number>>): string
  percent(part: number): string
  /** Hundredths with their sign. */
  points(part: number): string
  p(value: number): string
  count(value: number): string
  nameOf: NameOf
  axis(field: string): string
  measure(measure: string): string
  side(side: 'validation' | 'test'): string
}

export interface ReportParts {
  readonly detail: ExperimentDetail
  readonly differences: readonly ExperimentDifference[]
  readonly against: number
  readonly side: 'validation' | 'test'
  /** Pictures as data addresses, with what is said under them. */
  readonly figures: readonly { readonly address: string; readonly caption: string }[]
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const table = (rows: readonly (readonly string[])[], numbersFrom: number): string => {
  const [head, ...body] = rows
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [row(head!), row(head!.map((_, i) => (i < numbersFrom ? '---' : '---:'))), ...body.map(row)].join('\n')
}

/** GitHub's Markdown: question, data, settings, results, differences, curves. */
export function resultMarkdown({ detail, differences, against, side, figures }: ReportParts, texts: ReportTexts): string {
  const { say, percent, count } = texts
  const { axes, conditions, base } = detail
  const nameOf = (condition: number) => axes.map((axis, i) => texts.nameOf(axis, conditions[condition]!.values[i]!)).join(' · ')
  const mean = (m: MeanInterval | null): string => (m === null ? '–' : m.high === null ? percent(m.mean) : `${percent(m.mean)} ± ${texts.points(m.high - m.mean).replace(/^[+−]/, '')}`)
  const seeds = [...new Set(detail.trials.map((trial) => trial.seed))]
  const clips = detail.clips
  const optimizer = String(base.optimizer['type'])
  const tested = detail.tests.filter((x) => x.accuracy !== null)
  const sections = [
    `# ${detail.name}`,
    say('about', { networks: conditions.length, seeds: seeds.length, trainings: detail.trainings }),
    `## ${say('data')}`,
    say('dataset', { dataset: detail.datasetName, labels: count(detail.labels.length), train: count(clips?.train ?? 0), validation: count(clips?.validation ?? 0), test: count(clips?.test ?? 0) }),
    say('split', { hash: (detail.splitHash ?? '').slice(0, 12) }),
    `## ${say('settings')}`,
    table(
      [
        [say('setting'), say('value')],
        ...axes.map((axis) => [texts.axis(axis.field), 'options' in axis ? axis.options.map((o) => o.name).join(', ') : `${axis.low} – ${axis.high}`]),
        [say('seeds'), seeds.join(', ')],
        [texts.axis('epochs'), String(base.epochs)],
        [texts.axis('batch'), String(base.batch)],
        [texts.axis('optimizer'), optimizer],
        [texts.axis('rate'), `${String(base.schedule['rate'])} (${String(base.schedule['type'])})`],
        [texts.axis('labelSmoothing'), String(base.loss['labelSmoothing'] ?? 0)],
        [say('device'), `${detail.device}${detail.threads === null ? '' : `, ${detail.threads}`}`],
      ].filter(([name], i, all) => all.findIndex(([n]) => n === name) === i),
      1,
    ),
    `## ${say('results')}`,
    table(
      [
        [say('condition'), say('parameters'), 'n', `${texts.side('validation')}: ${texts.measure('accuracy')}`, `${texts.side('validation')}: ${texts.measure('macroF1')}`, ...(tested.length > 0 ? [`${texts.side('test')}: ${texts.measure('accuracy')}`, `${texts.side('test')}: ${texts.measure('macroF1')}`] : [])],
        ...conditions.map((c, i) => [
          detail.chosen?.condition === i ? `**${nameOf(i)}**` : nameOf(i),
          c.parameters === null ? '–' : count(c.parameters),
          String(c.validation.accuracy?.n ?? 0),
          mean(c.validation.accuracy),
          mean(c.validation.macroF1),
          ...(tested.length > 0 ? [mean(c.test.accuracy), mean(c.test.macroF1)] : []),
        ]),
      ],
      1,
    ),
    say('interval'),
    ...(detail.chosen ? [say('choice', { condition: nameOf(detail.chosen.condition), measure: texts.measure(detail.measure), seed: detail.trials[detail.chosen.trial]!.seed })] : []),
    tested.length > 0 ? say('tested', { count: tested.length, at: tested.at(-1)!.finished ?? '' }) : say('untested'),
  ]
  if (differences.length > 0) {
    sections.push(
      `## ${say('differences', { reference: nameOf(against), side: texts.side(side) })}`,
      table(
        [
          [say('condition'), say('difference'), '95 %', 'p', say('holm')],
          ...differences.map((d) => [nameOf(d.condition), texts.points(d.difference), d.low === null || d.high === null ? '–' : `${texts.points(d.low)} … ${texts.points(d.high)}`, texts.p(d.p), texts.p(d.adjusted)]),
        ],
        1,
      ),
      say(differences[0]!.test, { clips: count(differences[0]!.clips), seeds: differences[0]!.seeds }),
    )
  }
  if (figures.length > 0) sections.push(`## ${say('curves')}`, ...figures.flatMap((f) => [`![${f.caption}](${f.address})`, `*${f.caption}*`]))
  return `${sections.join('\n\n')}\n`
}
