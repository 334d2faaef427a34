import { clipAudioUrl, type Clip } from '@contract'
import type { Client } from '@/client/connection.ts'
import { readSound, spectrumPicture, wavePeaks, type SpectrumPicture } from './spectrum.ts'

/** A clip with everything that is shown and heard of it, made before its turn. */
export interface Card {
  readonly clip: Clip
  readonly samples: Float32Array<ArrayBuffer>
  /** Hz */
  readonly sampleRate: number
  readonly picture: SpectrumPicture
  readonly peaks: Int8Array
}

/** How many clips ahead are made ready, and how many are kept at all. */
const AHEAD = 8
const KEPT = 24
/** Rows of one request. */
const PAGE = 50
const PEAK_BINS = 600

/** Deals the clips of a queue in any order, those after the last one asked for already at hand. */
export interface Deck {
  /** null where the clip is no longer there. Rejects where its sound cannot be read. */
  card(index: number): Promise<Card | null>
  /** The clip's row changed. */
  update(id: number, change: Partial<Clip>): void
}

export function createDeck(client: Client, dataset: number, ids: readonly number[], signal: AbortSignal): Deck {
  const pages = new Map<number, Promise<Map<number, Clip>>>()
  const cards = new Map<number, Promise<Card | null>>()

  const rows = (page: number): Promise<Map<number, Clip>> => {
    const asked = pages.get(page) ?? client.review.clips({ dataset, ids: ids.slice(page * PAGE, (page + 1) * PAGE) }, { signal }).then((clips) => new Map(clips.map((c) => [c.id, c])))
    pages.set(page, asked)
    asked.catch(() => pages.delete(page))
    return asked
  }
  const clipAt = async (index: number): Promise<Clip | undefined> => (await rows(Math.floor(index / PAGE))).get(ids[index]!)

  async function make(index: number): Promise<Card | null> {
    const clip = await clipAt(index)
    if (!clip) return null
    const response = await fetch(clipAudioUrl(clip), { signal })
    if (!response.ok) throw new Error((await response.text()).trim())
    const { samples, sampleRate } = readSound(await response.arrayBuffer())
    return { clip, samples, sampleRate, picture: spectrumPicture(samples, sampleRate), peaks: wavePeaks(samples, PEAK_BINS) }
  }
  function ready(index: number): Promise<Card | null> {
    const known = cards.get(index)
    if (known) return known
    const making = make(index)
    cards.set(index, making)
    // Who asks again tries again.
    making.catch(() => cards.delete(index))
    for (const oldest of cards.keys()) {
      if (cards.size <= KEPT) break
      cards.delete(oldest)
    }
    return making
  }

  return {
    async card(index) {
      const wanted = ready(index)
      void (async () => {
        await wanted.catch(() => null)
        for (let next = index + 1; next < Math.min(ids.length, index + 1 + AHEAD); next++) await ready(next).catch(() => null)
      })()
      const card = await wanted
      const clip = await clipAt(index)
      return card && clip ? { ...card, clip } : null
    },
    update(id, change) {
      const page = pages.get(Math.floor(ids.indexOf(id) / PAGE))
      void page?.then((clips) => {
        const clip = clips.get(id)
        if (clip) clips.set(id, { ...clip, ...change })
      })
    },
  }
}
