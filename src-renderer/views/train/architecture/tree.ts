import type { JsonObject } from '@contract'

/**
 * A layer list as a tree: blocks hold lists of their own. Places are paths of indices and list names, as
 * `[4, 'body', 0]`. Every operation gives a new tree and leaves the old one as it is, which is what undo keeps.
 */
export type Layer = JsonObject
export type Layers = readonly Layer[]
export type Place = readonly (number | string)[]

/** The lists that blocks may hold, in the order of computation. */
export const LISTS = ['body', 'shortcut', 'layers'] as const
export type ListName = (typeof LISTS)[number]

export const samePlace = (a: Place, b: Place): boolean => a.length === b.length && a.every((part, i) => part === b[i])
export const placeKey = (place: Place): string => place.join('.')
/** Whether a place is inside a block, or the block itself. */
export const within = (place: Place, block: Place): boolean => place.length >= block.length && block.every((part, i) => part === place[i])

export const listOf = (layer: Layer, name: string): Layers => (Array.isArray(layer[name]) ? (layer[name] as Layer[]) : [])
/** The list that a place is in. */
export function listAt(layers: Layers, place: Place): Layers {
  if (place.length === 1) return layers
  const block = layers[place[0] as number]
  return block ? listAt(listOf(block, String(place[1])), place.slice(2)) : []
}
export const layerAt = (layers: Layers, place: Place): Layer | undefined => listAt(layers, place)[place.at(-1) as number]

/** The tree with the list that `place` is in put through `change`. A list without layers is left out of its block. */
function changeList(layers: Layers, place: Place, change: (list: Layers) => Layers): Layers {
  if (place.length === 1) return change(layers)
  const [index, name] = [place[0] as number, String(place[1])]
  const block = layers[index]
  if (!block) return layers
  const list = changeList(listOf(block, name), place.slice(2), change)
  const { [name]: _, ...rest } = block
  // The shortcut of nothing is the identity; a body of nothing is told as a mistake.
  const next: Layer = list.length === 0 && name === 'shortcut' ? rest : { ...block, [name]: list as Layer[] }
  return layers.with(index, next)
}

export const replaceAt = (layers: Layers, place: Place, layer: Layer): Layers => changeList(layers, place, (list) => list.with(place.at(-1) as number, layer))
/** Before what is at the place now. */
export const insertAt = (layers: Layers, place: Place, layer: Layer): Layers => changeList(layers, place, (list) => list.toSpliced(place.at(-1) as number, 0, layer))
export const removeAt = (layers: Layers, place: Place): Layers => changeList(layers, place, (list) => list.toSpliced(place.at(-1) as number, 1))
export const nextTo = (place: Place, by: number): Place => [...place.slice(0, -1), (place.at(-1) as number) + by]

/** Behind itself, without its name: names are once in a list. */
export function duplicateAt(layers: Layers, place: Place): Layers {
  const found = layerAt(layers, place)
  if (!found) return layers
  const { name: _, ...copy } = JSON.parse(JSON.stringify(found)) as Layer
  return insertAt(layers, nextTo(place, 1), copy)
}

export interface Moved {
  readonly layers: Layers
  readonly place: Place
}

/** From one place to before another, both as they are now; null where that is nowhere new, or inside itself. */
export function moveTo(layers: Layers, from: Place, to: Place): Moved | null {
  const layer = layerAt(layers, from)
  if (!layer || samePlace(from, to) || samePlace(nextTo(from, 1), to)) return null
  if (to.length > from.length && within(to, from)) return null
  const inserted = insertAt(layers, to, layer)
  // What was taken away before it in a list that both share moves the place up by one.
  const depth = from.length - 1
  const shared = to.length > depth && samePlace(to.slice(0, depth), from.slice(0, depth)) && (from[depth] as number) < (to[depth] as number)
  const place = shared ? to.with(depth, (to[depth] as number) - 1) : to
  const last = to.length - 1
  const pushed = from.length > last && samePlace(from.slice(0, last), to.slice(0, last)) && (from[last] as number) >= (to[last] as number)
  const old = pushed ? from.with(last, (from[last] as number) + 1) : from
  return { layers: removeAt(inserted, old), place }
}

/** Where a layer goes by one step: in its list, and at the end of a block's list out of the block. */
export function stepFrom(layers: Layers, place: Place, by: -1 | 1): Place | null {
  const list = listAt(layers, place)
  const at = place.at(-1) as number
  if (by === -1 && at > 0) return nextTo(place, -1)
  if (by === 1 && at < list.length - 1) return nextTo(place, 2)
  if (place.length === 1) return null
  const block = place.slice(0, -2)
  return by === -1 ? block : nextTo(block, 1)
}

/** Into the block before or behind it in its list, at the nearer end; null where there is none. */
export function stepInto(layers: Layers, place: Place): Place | null {
  const list = listAt(layers, place)
  const at = place.at(-1) as number
  for (const [neighbour, end] of [[at - 1, true], [at + 1, false]] as const) {
    const block = list[neighbour]
    const name = block && (block['type'] === 'residual' ? 'body' : block['type'] === 'sequential' ? 'layers' : null)
    if (block && name) return [...nextTo(place, neighbour - at), name, end ? listOf(block, name).length : 0]
  }
  return null
}

/** One line of the list as it is shown. */
export type TreeRow =
  | { readonly kind: 'layer'; readonly place: Place; readonly depth: number; readonly layer: Layer }
  /** The head of a list inside a block. */
  | { readonly kind: 'list'; readonly place: Place; readonly depth: number; readonly list: ListName; readonly size: number }

export function rowsOf(layers: Layers, above: Place = [], depth = 0): TreeRow[] {
  return layers.flatMap((layer, i): TreeRow[] => {
    const place = [...above, i]
    const lists = layer['type'] === 'residual' ? (['body', 'shortcut'] as const) : layer['type'] === 'sequential' ? (['layers'] as const) : []
    return [
      { kind: 'layer', place, depth, layer },
      ...lists.flatMap((list): TreeRow[] => {
        const inner = listOf(layer, list)
        return [{ kind: 'list', place: [...place, list], depth: depth + 1, list, size: inner.length }, ...rowsOf(inner, [...place, list], depth + 1)]
      }),
    ]
  })
}

/** A name that is not taken: `lenet5-2`. */
export function freeName(name: string, taken: (name: string) => boolean): string {
  const stem = name.replace(/-\d+$/, '')
  if (!taken(name)) return name
  for (let n = 2; ; n++) if (!taken(`${stem}-${n}`)) return `${stem}-${n}`
}
