import type { PrecisionName, Provenance } from '../metadata.ts'
import type { CardFacts, EvaluationFacts, Side } from './facts.ts'
import { WORDS, type Language, type Words } from './words.ts'

export interface About {
  readonly intendedUse: string
  readonly limits: string
  readonly licence: string
}

/** What is known of the file where there is one. */
export interface CardFile {
  readonly precision: PrecisionName
  readonly opset: number
  readonly temperature: number
  readonly bytes: number
  readonly sha256: string
}

export interface CardMeasurement {
  readonly split: 'test' | 'validation'
  readonly clips: number
  readonly accuracy: number
  readonly interval: { readonly low: number; readonly high: number } | null
  readonly milliseconds: number
}

export interface Card {
  readonly name: string
  readonly labels: readonly string[]
  readonly sampleRate: number
  readonly seconds: number
  readonly about: About
  /** null for a network that was not trained here. */
  readonly facts: CardFacts | null
  readonly provenance: Partial<Provenance>
  readonly file: CardFile | null
  readonly measurement: CardMeasurement | null
}

/** The whole card, in Markdown. */
export function writeCard(card: Card, language: Language): string {
  const words = WORDS[language]
  const say = formats(language)
  const { facts } = card
  const sections = [
    `# ${line(card.name)}`,
    `*${words.card}.* ${words.summary(line(shortList(card.labels)), say.count(card.sampleRate), say.number(card.seconds, 3))}`,
    ...section(words.about, table([[' ', ' '], ...aboutRows(card, words, say)])),
    ...section(words.intendedUse, free(card.about.intendedUse, words)),
    ...section(words.limits, free(card.about.limits, words)),
    ...section(words.licence, free(card.about.licence, words)),
    ...(facts ? [...dataSection(facts, words, say), ...trainingSection(facts, words, say), ...metricSections(facts, words, say)] : foreignSection(card, words)),
    ...measurementSection(card, words, say),
    ...provenanceSection(card, words),
  ]
  return `${sections.join('\n\n')}\n`
}

/** A few lines for the metadata of the file, which is not there yet; `temperature` will be in it. */
export function writeShortCard(card: Card, language: Language, temperature = 1): string {
  const words = WORDS[language]
  const say = formats(language)
  const { facts, about } = card
  const evaluated = (['test', 'validation'] as const).flatMap((side) => {
    const e = facts?.[side]
    if (!e) return []
    const { accuracy } = e.intervals
    return [`${words.on(words.sides[side], say.count(e.clips))}: ${words.accuracy} ${say.percent(e.accuracy)}${accuracy ? ` (${range(accuracy, say)})` : ''}`]
  })
  return [
    words.summary(line(shortList(card.labels)), say.count(card.sampleRate), say.number(card.seconds, 3)),
    ...(facts ? [`${words.dataset(line(facts.dataset))} ${words.sides.train}: ${say.count(facts.sides.train.clips)} ${words.clips.toLowerCase()}.`] : []),
    ...evaluated,
    ...(temperature === 1 ? [] : [`${words.temperature}: ${temperatureText(temperature, facts, words, say)}`]),
    ...(['intendedUse', 'limits', 'licence'] as const).filter((key) => about[key].trim() !== '').map((key) => `${words[key]}: ${about[key].trim()}`),
  ].join('\n')
}

type Formats = ReturnType<typeof formats>

function formats(language: Language) {
  const number = (value: number, most: number) => new Intl.NumberFormat(language, { maximumFractionDigits: most, useGrouping: 'always' } as Intl.NumberFormatOptions).format(value)
  const fixed = (value: number, digits: number) => new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
  return {
    number,
    count: (value: number) => number(value, 0),
    fixed,
    percent: (part: number) => `${fixed(100 * part, 1)} %`,
    bytes: (bytes: number) => `${number(bytes / 1024, 0)} KiB`,
    duration: (seconds: number) => (seconds < 120 ? `${fixed(seconds, 1)} s` : seconds < 7200 ? `${fixed(seconds / 60, 1)} min` : `${fixed(seconds / 3600, 1)} h`),
    small: (value: number) => new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(value),
  }
}

const section = (title: string, ...body: readonly string[]): string[] => [`## ${title}`, ...body]
const free = (text: string, words: Words): string => (text.trim() === '' ? words.notStated : text.trim())

/** Text from elsewhere (names, labels) must stay one cell of one line. */
const line = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim()
const LISTED = 12
const shortList = (labels: readonly string[]): string => (labels.length <= LISTED ? labels.join(', ') : `${labels.slice(0, LISTED).join(', ')}, … (${labels.length})`)

function table([head, ...rows]: readonly (readonly string[])[]): string {
  const write = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const align = head!.map((_, i) => (i === 0 ? '---' : '---:'))
  return [write(head!), write(align), ...rows.map(write)].join('\n')
}

const range = ({ low, high }: { readonly low: number; readonly high: number }, say: Formats): string => `${say.percent(low)} – ${say.percent(high)}`

function aboutRows({ file, facts, labels, sampleRate, seconds }: Card, words: Words, say: Formats): string[][] {
  const settings = facts?.settings
  return [
    ...(settings ? [[words.architecture, line([settings.architecture, settings.paper].filter(Boolean).join('. '))], [words.parameters, say.count(settings.parameters)]] : []),
    [words.frontEnd, settings ? `${settings.frontEnd}, ${words.features(say.count(settings.features[0]), say.count(settings.features[1]))}` : `${say.count(sampleRate)} Hz, ${say.number(seconds, 3)} s`],
    [words.labels, `${say.count(labels.length)}: ${line(shortList(labels))}`],
    ...(file
      ? [
          [words.precision, file.precision],
          [words.opset, String(file.opset)],
          ...(file.temperature === 1 ? [] : [[words.temperature, temperatureText(file.temperature, facts, words, say)]]),
          [words.file, say.bytes(file.bytes)],
        ]
      : []),
  ]
}

/** A temperature that the validation clips gave is no one's choice. */
const temperatureText = (temperature: number, facts: CardFacts | null, words: Words, say: Formats): string =>
  temperature === facts?.fittedTemperature ? words.fitted(say.small(temperature), say.count(facts.validation?.clips ?? 0)) : say.small(temperature)

const SIDES: readonly Side[] = ['train', 'validation', 'test']

function dataSection(facts: CardFacts, words: Words, say: Formats): string[] {
  const known = SIDES.some((side) => facts.sides[side].speakers > 0)
  const rows = SIDES.filter((side) => facts.sides[side].clips > 0).map((side) => {
    const { clips, recordings, seconds, speakers } = facts.sides[side]
    return [words.sides[side], say.count(clips), say.count(recordings), say.duration(seconds), speakers === 0 ? words.unknown : say.count(speakers)]
  })
  const labels = facts.labels.map((label, i) => [line(label), ...SIDES.map((side) => say.count(facts.sides[side].labels[i] ?? 0))])
  const voices = !known ? words.speakersUnknown : facts.sharedSpeakers === 0 ? words.noShared : words.shared(say.count(facts.sharedSpeakers))
  return section(
    words.data,
    words.dataset(line(facts.dataset)),
    table([[words.side, words.clips, words.recordings, words.duration, words.speakers], ...rows]),
    ...(facts.sides.test.clips + facts.sides.validation.clips > 0 ? [voices] : []),
    table([[words.label, ...SIDES.map((side) => words.sides[side])], ...labels]),
  )
}

function trainingSection({ settings: s, trainedAt }: CardFacts, words: Words, say: Formats): string[] {
  return section(
    words.training,
    table([
      [' ', ' '],
      [words.augmentations, s.augmentations.length === 0 ? words.none : s.augmentations.join(', ')],
      [words.optimizer, s.optimizer],
      [words.rate, `${say.small(s.rate)} (${s.schedule})`],
      [words.epochs, [say.count(s.epochs), ...(s.chosenEpoch === null ? [] : [words.chosen(say.count(s.chosenEpoch))])].join(', ')],
      [words.batch, say.count(s.batch)],
      [words.seed, String(s.seed)],
      [words.device, s.device],
      ...(trainedAt === null ? [] : [[words.trainedAt, trainedAt.slice(0, 10)]]),
    ]),
  )
}

function metricSections(facts: CardFacts, words: Words, say: Formats): string[] {
  const evaluated = (['test', 'validation'] as const).flatMap((side) => (facts[side] ? [{ side, e: facts[side] }] : []))
  const [first] = evaluated
  if (!first) return section(words.metrics, words.notEvaluated)
  const cells = (e: EvaluationFacts, key: 'accuracy' | 'balancedAccuracy' | 'macroF1'): string[] => [say.percent(e[key]), e.intervals[key] ? range(e.intervals[key], say) : '–']
  const measures = evaluated.flatMap(({ side, e }) => [
    ...(['accuracy', 'balancedAccuracy', 'macroF1'] as const).map((key, i) => [i === 0 ? words.on(words.sides[side], say.count(e.clips)) : ' ', words[key], ...cells(e, key)]),
    ...(e.calibrationError === null ? [] : [[' ', words.calibrationError, say.fixed(e.calibrationError, 3), '–']]),
  ])
  const { side, e } = first
  const ratio = (value: number | null): string => (value === null ? '–' : say.percent(value))
  return [
    ...section(words.metrics, table([[words.side, words.measure, ' ', words.interval], ...measures]), words.bootstrap),
    `### ${words.perClass(words.sides[side])}`,
    table([
      [words.label, words.clips, words.precisionOfClass, words.recall, 'F1'],
      ...e.perClass.map((c) => [line(c.label), say.count(c.support), ratio(c.precision), ratio(c.recall), ratio(c.f1)]),
    ]),
    `### ${words.confusions(words.sides[side])}`,
    e.confusions.length === 0
      ? words.noConfusions
      : table([[words.truth, words.taken, words.clips, words.share], ...e.confusions.map((c) => [line(c.truth), line(c.predicted), say.count(c.count), say.percent(c.share)])]),
  ]
}

function measurementSection({ measurement: m, file }: Card, words: Words, say: Formats): string[] {
  if (!m) return []
  return section(
    words.measured,
    table([
      [words.side, words.precision, words.accuracy, words.interval, words.milliseconds],
      [words.on(words.sides[m.split], say.count(m.clips)), file?.precision ?? ' ', say.percent(m.accuracy), m.interval ? range(m.interval, say) : '–', say.fixed(m.milliseconds, 2)],
    ]),
    words.measuredNote,
  )
}

const foreignSection = ({ provenance: { source } }: Card, words: Words): string[] => (source ? section(words.data, words.foreign(line(source.file))) : [])

function provenanceSection({ facts, provenance: p, file }: Card, words: Words): string[] {
  const hashes: readonly (readonly [string, string | null | undefined])[] = [
    ['run', facts?.run ?? p.run],
    ['dataset', facts?.hashes.dataset ?? p.datasetHash],
    ['split', facts?.hashes.split ?? p.splitHash],
    ['frontEnd', p.frontEndHash ?? facts?.hashes.frontEnd],
    ['job', facts?.hashes.job ?? p.jobHash],
    ['weights', p.weightsHash],
    ['source', p.source?.sha256],
  ]
  const rows = hashes.flatMap(([key, value]) => (value ? [[words.hash[key]!, `\`${value}\``]] : []))
  const own = file ? [[words.file, `\`${file.sha256}\``]] : []
  return rows.length + own.length === 0 ? [] : section(words.provenance, words.provenanceNote, table([[' ', ' '], ...rows, ...own]))
}
