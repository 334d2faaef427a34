/** The settings of one trial: the shared ones, changed along each axis. */
import type { JsonValue } from './json-value.ts'
import { isRange, type Axis, type Field, type Trial } from './design.ts'

/** Settings as plain JSON; whether they can be trained is the plan's business. */
type Settings = Readonly<Record<string, JsonValue>>
type JsonRecord = Readonly<Record<string, JsonValue>>
const record = (value: JsonValue | undefined): JsonRecord => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {})

interface Applied {
  readonly value: JsonValue
  readonly fields: ReadonlySet<Field>
}
const changes: { readonly [F in Field]: (settings: Settings, applied: Applied) => Settings } = {
  // Each architecture may bring the front end that suits it; one that is varied itself comes after it.
  architecture: (s, { value }) => {
    const { architecture, frontEnd } = record(value)
    return { ...s, architecture: architecture ?? null, ...(frontEnd == null ? {} : { frontEnd }) }
  },
  frontEnd: (s, { value }) => ({ ...s, frontEnd: value }),
  augment: (s, { value }) => ({ ...s, augment: value }),
  // Optimisers need different rates; where the rate is not varied, each has its own usual one.
  optimizer: (s, { value, fields }) => {
    const { optimizer, rate } = record(value)
    return { ...s, optimizer: optimizer ?? null, ...(rate == null || fields.has('rate') ? {} : { schedule: { ...record(s['schedule']), rate } }) }
  },
  rate: (s, { value }) => ({ ...s, schedule: { ...record(s['schedule']), rate: value } }),
  weightDecay: (s, { value }) => ({ ...s, optimizer: { ...record(s['optimizer']), weightDecay: value } }),
  batch: (s, { value }) => ({ ...s, batch: value }),
  epochs: (s, { value }) => ({ ...s, epochs: value }),
  dropout: (s, { value }) => ({ ...s, architecture: withDropout(s['architecture'] ?? null, value) }),
  labelSmoothing: (s, { value }) => ({ ...s, loss: { ...record(s['loss']), labelSmoothing: value } }),
  clipNorm: (s, { value }) => ({ ...s, clipNorm: value === 0 ? null : value }),
}
/** The network first and what changes it afterwards. */
const ORDER = Object.keys(changes) as Field[]

export function trialSettings(base: object, axes: readonly Axis[], { values, seed }: Trial): Settings {
  const fields = new Set(axes.map((axis) => axis.field))
  const start = { ...(base as Settings), seed }
  return axes
    .map((axis, i) => ({ field: axis.field, value: isRange(axis) ? values[i]! : (axis.options[values[i]!]?.value ?? null) }))
    .sort((a, b) => ORDER.indexOf(a.field) - ORDER.indexOf(b.field))
    .reduce<Settings>((settings, { field, value }) => changes[field](settings, { value, fields }), start)
}

/** Sets the rate of every dropout layer, wherever it stands; a network without one stays as it is. */
function withDropout(value: JsonValue, rate: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item) => withDropout(item, rate))
  if (typeof value !== 'object' || value === null) return value
  const inner = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDropout(item, rate)]))
  return inner['type'] === 'dropout' ? { ...inner, rate } : inner
}

/** What a trial has along an axis, as a person reads it. */
export const valueName = (axis: Axis, value: number): string => (isRange(axis) ? String(value) : (axis.options[value]?.name ?? '?'))
