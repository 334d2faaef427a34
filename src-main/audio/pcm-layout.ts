import { type ByteSource } from './byte-source.ts'
import { checkAmount, checkFormat, corrupt, formatBytes, truncated } from './faults.ts'
import type { AudioInfo, Pcm } from './pcm.ts'
import { readSamples, SAMPLE_CODINGS, type SampleCoding } from './sample-codings.ts'

/** Where a WAV or AIFF file keeps its samples, and how: enough to read any span without the rest. */
export interface PcmLayout {
  readonly container: 'wav' | 'aiff'
  readonly coding: SampleCoding
  readonly sampleRate: number
  readonly channels: number
  readonly dataOffset: number
  readonly frames: number
}

export const layoutInfo = (layout: PcmLayout): AudioInfo => ({
  container: layout.container,
  codec: layout.coding,
  sampleRate: layout.sampleRate,
  channels: layout.channels,
  frames: layout.frames,
  durationSeconds: layout.frames / layout.sampleRate,
})

/** Decodes the frames [start, end), cut to what there is. */
export function readPcm(source: ByteSource, layout: PcmLayout, start = 0, end = layout.frames): Pcm {
  const { coding, channels: channelCount, sampleRate } = layout
  const first = Math.min(Math.max(0, start), layout.frames)
  const frames = Math.max(0, Math.min(end, layout.frames) - first)
  checkAmount(frames, channelCount)
  const step = SAMPLE_CODINGS[coding].width * channelCount
  const bytes = source.read(layout.dataOffset + first * step, frames * step)
  if (bytes.length < frames * step)
    throw truncated(`The file ends before its samples do: ${formatBytes(frames * step - bytes.length)} are missing`)
  return { sampleRate, channels: readSamples(bytes, coding, channelCount, frames) }
}

/** Float files may hold NaN or infinity; one of them would poison every feature and every weight after. */
export function checkFinite(channels: readonly Float32Array[]): void {
  let bad = 0
  for (const channel of channels) for (let i = 0; i < channel.length; i++) if (!Number.isFinite(channel[i])) bad++
  if (bad > 0) throw corrupt(`${bad} sample${bad === 1 ? ' is' : 's are'} not finite (NaN or infinity)`)
}

/** Checks that the promised samples are in the file; `end` is where the header says that they end. */
export function checkWhole(source: ByteSource, layout: Omit<PcmLayout, 'frames'>, end: number): void {
  checkFormat(layout.sampleRate, layout.channels)
  if (end <= source.size) return
  const missing = end - source.size
  const seconds = missing / (SAMPLE_CODINGS[layout.coding].width * layout.channels * layout.sampleRate)
  throw truncated(
    `The header promises ${formatBytes(end - layout.dataOffset)} of samples and the file holds ` +
      `${formatBytes(Math.max(0, source.size - layout.dataOffset))}: ${formatBytes(missing)} (${seconds.toFixed(2)} s) are missing`,
  )
}
