import { computed, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useClipMap } from '@/stores/clip-map.ts'
import { useLibrary } from '@/stores/library.ts'
import { useSettings } from '@/stores/settings.ts'

export interface Category {
  readonly key: string
  readonly name: string
  /** Any CSS colour. */
  readonly colour: string
  readonly count: number
}

export interface PointColours {
  readonly categories: readonly Category[]
  /** The category of each point, a place in `categories`. */
  readonly of: Uint16Array
}

const FAINT = 'var(--c-wave-idle)'
const hue = (i: number): string => `oklch(0.7 0.13 ${Math.round((i * 137.508) % 360)})`

/** What the points are told apart by, in the order of the legend. */
export function usePointColours(): ComputedRef<PointColours> {
  const { t } = useI18n()
  const map = useClipMap()
  const library = useLibrary()
  return computed(() => {
    const { made, rows, right, speakers, colour } = map
    const ids = made?.ids ?? new Int32Array()
    const kinds: { readonly key: string; readonly name: string; readonly colour: string }[] = []
    let pick: (id: number) => string
    if (colour === 'label') {
      for (const label of library.labels) kinds.push({ key: String(label.id), name: label.name, colour: label.colour })
      kinds.push({ key: '0', name: t('map.unlabelled'), colour: FAINT })
      pick = (id) => String(rows.get(id)?.label ?? 0)
    } else if (colour === 'split') {
      kinds.push({ key: '1', name: t('split.train'), colour: 'var(--c-wave)' }, { key: '2', name: t('split.validation'), colour: 'var(--c-warn)' }, { key: '3', name: t('split.test'), colour: 'var(--c-ok)' }, { key: '0', name: t('split.none'), colour: FAINT })
      pick = (id) => String(rows.get(id)?.split ?? 0)
    } else if (colour === 'error') {
      kinds.push({ key: 'right', name: t('map.right'), colour: 'var(--c-ok)' }, { key: 'wrong', name: t('map.wrong'), colour: 'var(--c-bad)' }, { key: 'none', name: t('map.notEvaluated'), colour: FAINT })
      pick = (id) => (right.has(id) ? (right.get(id) ? 'right' : 'wrong') : 'none')
    } else {
      speakers.forEach((name, i) => kinds.push({ key: String(i), name, colour: hue(i) }))
      kinds.push({ key: '-1', name: t('map.noSpeaker'), colour: FAINT })
      pick = (id) => String(rows.get(id)?.speaker ?? -1)
    }
    const places = new Map(kinds.map((k, i) => [k.key, i]))
    const other = kinds.length - 1
    const of = Uint16Array.from(ids, (id) => places.get(pick(id)) ?? other)
    const counts = kinds.map(() => 0)
    for (const k of of) counts[k]! += 1
    return { categories: kinds.map((k, i) => ({ ...k, count: counts[i]! })), of }
  })
}

/** CSS colours as pixels, 0xAABBGGRR, by letting a canvas work them out. */
export function usePixelColours(colours: Ref<PointColours>): ComputedRef<Uint32Array> {
  const settings = useSettings()
  return computed(() => {
    void settings.shownTheme
    return Uint32Array.from(colours.value.categories, (c) => pixelOf(c.colour))
  })
}

let probe: CanvasRenderingContext2D | null = null
export function pixelOf(colour: string): number {
  probe ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }) as unknown as CanvasRenderingContext2D
  const named = /^var\((--[\w-]+)\)$/.exec(colour)
  probe.fillStyle = named ? getComputedStyle(document.documentElement).getPropertyValue(named[1]!).trim() : colour
  probe.fillRect(0, 0, 1, 1)
  return new Uint32Array(probe.getImageData(0, 0, 1, 1).data.buffer)[0]!
}
