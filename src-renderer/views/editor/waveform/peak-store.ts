import { clipAudioUrl, PEAK_BLOCK, peakBlockUrl, peakBucket, peakLevels, type Recording } from '@contract'
import { createKeptMap } from '../kept-map.ts'
import { waveColumns, type PairSource, type WaveColumns } from './wave-columns.ts'

/** Samples of one request at the finest zoom, and bytes before them in a WAV file. */
const SAMPLE_BLOCK = 65_536
const WAV_HEADER = 44
/** Blocks that are kept: 16 KiB each of pairs, 128 KiB each of samples. */
const KEPT_PAIRS = 600
const KEPT_SAMPLES = 64

interface Block {
  /** Lowest and highest, × 32767. */
  readonly values: Int16Array
  readonly whole: boolean
}

/** The waveform of one recording, fetched in blocks as it is looked at. */
export interface PeakStore {
  /** Pixel columns of [start, end) in samples; what is missing is asked for, and `onBlock` says when it is there. */
  columns(start: number, end: number, columns: number): WaveColumns
  /** The samples of [start, end), −1 to 1; null where some are not there yet. */
  samples(start: number, end: number): Float32Array | null
  /** The recording is measured up to here (samples): what was cut short is asked for again. */
  measured(done: number): void
  dispose(): void
}

export function createPeakStore(recording: Recording, onBlock: () => void): PeakStore {
  const { id, frames } = recording
  const levels = peakLevels(frames)
  const pairs = createKeptMap<Block>(KEPT_PAIRS)
  const raw = createKeptMap<Int16Array>(KEPT_SAMPLES)
  const asked = new Set<string>()
  const stop = new AbortController()
  let done = 0

  async function load(address: string, keep: (bytes: ArrayBuffer) => void): Promise<void> {
    if (asked.has(address)) return
    asked.add(address)
    try {
      const response = await fetch(address, { signal: stop.signal })
      if (response.ok) {
        keep(await response.arrayBuffer())
        onBlock()
      }
    } catch {
      // What is wrong with the file, the stream of its measuring says.
    } finally {
      asked.delete(address)
    }
  }
  /** How many values a block has when the recording is measured whole. */
  const sizeOf = (level: number, block: number): number =>
    2 * Math.min(PEAK_BLOCK, Math.ceil(frames / peakBucket(level)) - block * PEAK_BLOCK)

  function blockOf(level: number, block: number): Block | undefined {
    const address = peakBlockUrl(id, level, block)
    const found = pairs.get(address)
    // A block that was cut short is asked for again when there is more of it.
    const more = found && !found.whole && done > (block * PEAK_BLOCK + found.values.length / 2 + 1) * peakBucket(level)
    if (!found || more)
      void load(address, (bytes) => {
        const values = new Int16Array(bytes)
        pairs.set(address, { values, whole: values.length >= sizeOf(level, block) })
      })
    return found
  }
  /** Looks a block up once while the columns pass over it. */
  function pairSource(level: number): PairSource {
    const bucket = peakBucket(level)
    const count = Math.ceil(frames / bucket)
    let block = -1
    let values: Int16Array | undefined
    return {
      bucket,
      extremes(first, last, into) {
        let low = 32_767
        let high = -32_767
        const end = Math.min(last, count)
        for (let i = first; i < end; i++) {
          if (Math.floor(i / PEAK_BLOCK) !== block) {
            block = Math.floor(i / PEAK_BLOCK)
            values = blockOf(level, block)?.values
          }
          const at = 2 * (i - block * PEAK_BLOCK)
          if (!values || at >= values.length) return false
          if (values[at]! < low) low = values[at]!
          if (values[at + 1]! > high) high = values[at + 1]!
        }
        into.low = low > high ? 0 : low / 32_767
        into.high = low > high ? 0 : high / 32_767
        return true
      },
    }
  }
  function rawBlock(block: number): Int16Array | undefined {
    const start = block * SAMPLE_BLOCK
    const address = clipAudioUrl({ recording: id, start, end: Math.min(frames, start + SAMPLE_BLOCK) })
    const found = raw.get(address)
    if (!found) void load(address, (bytes) => raw.set(address, new Int16Array(bytes.slice(WAV_HEADER))))
    return found
  }
  function sampleSource(): PairSource {
    let block = -1
    let values: Int16Array | undefined
    return {
      bucket: 1,
      extremes(first, last, into) {
        let low = 32_767
        let high = -32_768
        const end = Math.min(last, frames)
        for (let i = first; i < end; i++) {
          if (Math.floor(i / SAMPLE_BLOCK) !== block) {
            block = Math.floor(i / SAMPLE_BLOCK)
            values = rawBlock(block)
          }
          if (!values) return false
          const value = values[i - block * SAMPLE_BLOCK]!
          if (value < low) low = value
          if (value > high) high = value
        }
        into.low = low > high ? 0 : low / 32_768
        into.high = low > high ? 0 : high / 32_768
        return true
      },
    }
  }

  return {
    columns(start, end, columns) {
      const step = (end - start) / columns
      const finest = Math.min(levels - 1, Math.floor(Math.log(step / peakBucket(0)) / Math.log(peakBucket(1) / peakBucket(0)) + 1e-9))
      const coarser = Array.from({ length: levels - Math.max(0, finest) }, (_, i) => pairSource(Math.max(0, finest) + i))
      return waveColumns(start, end, columns, finest < 0 ? [sampleSource(), ...coarser] : coarser)
    },
    samples(start, end) {
      const values = new Float32Array(end - start)
      for (let i = Math.max(0, start); i < Math.min(end, frames); i++) {
        const block = rawBlock(Math.floor(i / SAMPLE_BLOCK))
        if (!block) return null
        values[i - start] = block[i % SAMPLE_BLOCK]! / 32_768
      }
      return values
    },
    measured(now) {
      done = now
      onBlock()
    },
    dispose: () => stop.abort(),
  }
}
