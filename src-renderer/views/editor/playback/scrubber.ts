import { clipAudioUrl, type Recording } from '@contract'

export interface Scrubber {
  /** A short piece around `time` (seconds); while one is fetched, others are passed over. */
  play(recording: Recording, time: number): Promise<void>
}

/** Seconds of one piece, and of its rise and fall. */
const PIECE = 0.09
const FADE = 0.01
const WAV_HEADER = 44

export function createScrubber(): Scrubber {
  let context: AudioContext | null = null
  let busy = false

  return {
    async play({ id, sampleRate, frames }, time) {
      if (busy) return
      busy = true
      try {
        const start = Math.max(0, Math.min(frames - 1, Math.round((time - PIECE / 2) * sampleRate)))
        const end = Math.min(frames, start + Math.ceil(PIECE * sampleRate))
        const response = await fetch(clipAudioUrl({ recording: id, start, end }))
        if (!response.ok) return
        const samples = new Int16Array((await response.arrayBuffer()).slice(WAV_HEADER))
        context ??= new AudioContext()
        const buffer = context.createBuffer(1, samples.length, sampleRate)
        buffer.getChannelData(0).set(Float32Array.from(samples, (v) => v / 32_768))
        const gain = new GainNode(context, { gain: 0 })
        const now = context.currentTime
        gain.gain.linearRampToValueAtTime(1, now + FADE)
        gain.gain.setValueAtTime(1, now + buffer.duration - FADE)
        gain.gain.linearRampToValueAtTime(0, now + buffer.duration)
        const source = new AudioBufferSourceNode(context, { buffer })
        source.connect(gain).connect(context.destination)
        source.start()
        await new Promise((resolve) => setTimeout(resolve, 600 * PIECE))
      } catch {
        // A piece that is not heard is no harm: the next one follows.
      } finally {
        busy = false
      }
    },
  }
}
