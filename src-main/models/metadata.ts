/**
 * What an exported file says of itself: plain text under plain keys, so that any program that opens ONNX files
 * can read the labels and the sample rate. Structured values are JSON.
 */
import { z } from 'zod'
import { fail, ok, type Result } from '../kit/index.ts'
import { frontEndHash, frontEndSchema, type FrontEndConfig } from '../features/index.ts'
import { workingPointSchema, type WorkingPoint } from './working-point.ts'
import { architectureSchema, type Architecture } from '../nn/index.ts'

export const METADATA_VERSION = '1'

const text = z.string().max(20_000)
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 small hexadecimal digits')

export const labelsSchema = z
  .array(z.string().min(1).max(200))
  .min(2)
  .max(10_000)
  .refine((labels) => new Set(labels).size === labels.length, 'a label is there twice')

const provenanceSchema = z.strictObject({
  /** Name of the dataset, and hashes of its clips with labels and of how they were split. */
  dataset: z.string().max(1000).exactOptional(),
  datasetHash: hash.exactOptional(),
  splitHash: hash.exactOptional(),
  /** Of the front end's settings. */
  frontEndHash: hash,
  /** Of the weights, in the network's order. */
  weightsHash: hash,
  /** The run that trained it. */
  run: z.string().max(200).exactOptional(),
  runName: z.string().max(1000).exactOptional(),
  /** Of the run's whole job: data, settings and seed. */
  jobHash: hash.exactOptional(),
  /** The file of a network that was not trained here. */
  source: z.strictObject({ file: z.string().max(1000), sha256: hash }).exactOptional(),
})

/** Where a model came from: a chain of hashes from clips to weights. */
export type Provenance = z.infer<typeof provenanceSchema>

const normalisationSchema = z.strictObject({ mean: z.array(z.number()).min(1), std: z.array(z.number().positive()).min(1) })

/** Numbers by name, such as `test.accuracy`. */
const metricsSchema = z.record(z.string().max(200), z.number())

export const PRECISIONS = ['float32', 'float16', 'int8'] as const
export type PrecisionName = (typeof PRECISIONS)[number]

/** What a file takes: the sound itself, or what the front end makes of it. */
export const INPUTS = ['waveform', 'features'] as const
export type InputName = (typeof INPUTS)[number]

export interface ModelMetadata {
  readonly name: string
  readonly labels: readonly string[]
  readonly frontEnd: FrontEndConfig
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] } | null
  /** Null where the network was not trained here. */
  readonly architecture: Architecture | null
  readonly provenance: Provenance
  readonly metrics: Readonly<Record<string, number>>
  /** How its numbers are stored. */
  readonly precision: PrecisionName
  readonly input: InputName
  /** What logits were divided by before the softmax. */
  readonly temperature: number
  readonly licence: string
  readonly intendedUse: string
  readonly limits: string
  readonly card: string
  /** Where somebody chose that it is to work; null where nobody did. Written by `withWorkingPoint`. */
  readonly workingPoint: WorkingPoint | null
}

export function writeMetadata(m: Omit<ModelMetadata, 'workingPoint'>): Record<string, string> {
  return {
    'espectro.version': METADATA_VERSION,
    name: m.name,
    labels: JSON.stringify(m.labels),
    sampleRate: String(m.frontEnd.sampleRate),
    frontEnd: JSON.stringify(m.frontEnd),
    ...(m.normalisation === null ? {} : { normalisation: JSON.stringify(m.normalisation) }),
    ...(m.architecture === null ? {} : { architecture: JSON.stringify(m.architecture) }),
    provenance: JSON.stringify(m.provenance),
    metrics: JSON.stringify(m.metrics),
    precision: m.precision,
    input: m.input,
    temperature: String(m.temperature),
    licence: m.licence,
    intendedUse: m.intendedUse,
    limits: m.limits,
    ...(m.card === '' ? {} : { card: m.card }),
  }
}

const json = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value)
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)

const metadataSchema = z.object({
  'espectro.version': z.literal(METADATA_VERSION),
  name: z.string().max(1000),
  labels: json(labelsSchema),
  sampleRate: z.string().regex(/^[1-9]\d{0,6}$/, 'is not a rate in Hz'),
  frontEnd: json(frontEndSchema),
  normalisation: json(normalisationSchema).optional(),
  architecture: json(architectureSchema).optional(),
  provenance: json(provenanceSchema),
  metrics: json(metricsSchema),
  // Files of before it was said hold float32.
  precision: z.enum(PRECISIONS).default('float32'),
  // Likewise: they took waveforms and left the logits as they were.
  input: z.enum(INPUTS).default('waveform'),
  temperature: z.string().regex(/^\d{1,3}(\.\d{1,20})?$/, 'is not a temperature').default('1'),
  licence: text,
  intendedUse: text,
  limits: text.default(''),
  card: text.default(''),
  workingPoint: json(workingPointSchema).optional(),
})

/** Reads the metadata of a file that says to be ours; keys that we do not know are left alone. */
export function readMetadata(properties: Readonly<Record<string, string>>): Result<ModelMetadata> {
  const version = properties['espectro.version']
  if (version === undefined)
    return fail('MODEL_INVALID', 'The model was not exported by Espectro: it does not say what its input and labels are.', {
      hint: 'Give the ONNX file that “espectro export” wrote.',
    })
  if (version !== METADATA_VERSION)
    return fail('MODEL_INVALID', `The model has metadata of version ${JSON.stringify(version.slice(0, 20))}; this build reads version ${METADATA_VERSION}.`, {
      hint: 'Use the version of Espectro that exported it, or a newer one.',
    })
  const parsed = metadataSchema.safeParse({ ...properties })
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    return fail('MODEL_INVALID', `The model's metadata is not valid at ${issue.path.map(String).join('.')}: ${issue.message}`)
  }
  const { sampleRate, normalisation = null, ...rest } = parsed.data
  const wrong = inconsistency({ ...rest, architecture: rest.architecture ?? null, normalisation, sampleRate: Number(sampleRate) })
  if (wrong !== undefined) return fail('MODEL_INVALID', `The model's metadata contradicts itself: ${wrong}.`)
  return ok({
    name: rest.name,
    labels: rest.labels,
    frontEnd: rest.frontEnd,
    normalisation,
    architecture: rest.architecture ?? null,
    provenance: rest.provenance,
    metrics: rest.metrics,
    precision: rest.precision,
    input: rest.input,
    temperature: Number(rest.temperature),
    licence: rest.licence,
    intendedUse: rest.intendedUse,
    limits: rest.limits,
    card: rest.card,
    workingPoint: rest.workingPoint ?? null,
  })
}

function inconsistency(m: Pick<ModelMetadata, 'frontEnd' | 'normalisation' | 'provenance'> & { sampleRate: number; architecture: Architecture | null }): string | undefined {
  if (m.sampleRate !== m.frontEnd.sampleRate) return `a sample rate of ${m.sampleRate} Hz, and a front end for ${m.frontEnd.sampleRate} Hz`
  if (frontEndHash(m.frontEnd) !== m.provenance.frontEndHash) return 'the hash of the front end is not that of its settings'
  if ((m.frontEnd.normalise === 'dataset') !== (m.normalisation !== null)) return 'the normalisation does not go with the front end'
  if (m.architecture === null && m.provenance.source === undefined) return 'neither an architecture nor where the network came from'
  return undefined
}
