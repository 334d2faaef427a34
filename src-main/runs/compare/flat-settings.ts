/** Settings as one list of paths and values, so that they can be filtered, grouped and laid side by side. Pure. */

export type SettingValue = string | number | boolean | null

/** What names or documents a thing rather than decides what is computed. */
const LEFT_OUT = new Set(['version', 'title', 'paper', 'publishedParameters', 'publishedInput', 'input'])

/**
 * `optimizer.weightDecay`, `frontEnd.mel.bands`. Members of a list of layers or steps are named by their type, and
 * numbered where there are several: `architecture.conv2d2.filters`, `augment.noise.snrLow`; their order is the value of the list
 * itself. Other lists are one value: `3, 3`.
 */
export function flattenSettings(settings: object): Map<string, SettingValue> {
  const flat = new Map<string, SettingValue>()
  flatten(flat, '', settings)
  return flat
}

function flatten(flat: Map<string, SettingValue>, path: string, value: unknown): void {
  if (Array.isArray(value)) {
    if (value.every(isTyped)) flattenTyped(flat, path, value)
    else flat.set(path, value.every(isPlain) ? value.join(', ') : JSON.stringify(value))
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) if (!LEFT_OUT.has(key) && inner !== undefined) flatten(flat, path === '' ? key : `${path}.${key}`, inner)
  } else if (isPlain(value)) flat.set(path, value)
}

function flattenTyped(flat: Map<string, SettingValue>, path: string, members: readonly Typed[]): void {
  flat.set(path, members.length === 0 ? 'none' : members.map((m) => m.name ?? m.type).join(', '))
  const above = path.slice(0, Math.max(0, path.lastIndexOf('.')))
  const all = new Map<string, number>()
  for (const { type } of members) all.set(type, (all.get(type) ?? 0) + 1)
  const seen = new Map<string, number>()
  for (const { type, name, ...rest } of members) {
    const place = (seen.get(type) ?? 0) + 1
    seen.set(type, place)
    flatten(flat, `${above}.${name ?? `${type}${all.get(type) === 1 ? '' : place}`}`, rest)
  }
}

interface Typed {
  readonly type: string
  readonly name?: string
}
const isTyped = (value: unknown): value is Typed => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
const isPlain = (value: unknown): value is SettingValue => value === null || ['string', 'number', 'boolean'].includes(typeof value)
