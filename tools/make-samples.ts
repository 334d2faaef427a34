/**
 * Makes resources/samples anew: the digits zero to nine in English and Spanish, spoken by espeak-ng.
 *
 *     node_modules/.bin/node tools/make-samples.ts [FOLDER]
 *
 * Needs Debian's `espeak-ng` and `opus-tools`; nothing else in the project does. Each take has its own speed,
 * pitch, intonation, level, room, noise and pauses, drawn from a seed that is the file's name, so the same
 * versions of the two tools give the same bytes again.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom, type Random } from '../src-main/kit/index.ts'

const SAMPLE_RATE = 16_000
const TAKES = 5
const folder = process.argv[2] ?? join(import.meta.dirname, '..', 'resources', 'samples')

interface Language {
  readonly folder: string
  readonly words: readonly string[]
  /** espeak-ng's accent, then the variant of its voice (m male, f female). */
  readonly voices: readonly (readonly [accent: string, variant: string])[]
}

const languages: readonly Language[] = [
  {
    folder: 'digits-en',
    words: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
    voices: [
      ['en-us', 'm1'],
      ['en-us', 'm3'],
      ['en-us', 'f1'],
      ['en-us', 'f3'],
      ['en-gb', 'm2'],
      ['en-gb', 'm7'],
      ['en-gb', 'f2'],
      ['en-gb-scotland', 'm4'],
      ['en-gb-scotland', 'f4'],
      ['en-gb-x-rp', 'm5'],
      ['en-gb-x-rp', 'f5'],
      ['en-gb-x-gbcwmd', 'm6'],
    ],
  },
  {
    folder: 'digits-es',
    words: ['cero', 'uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve'],
    voices: [
      ['es', 'm1'],
      ['es', 'm3'],
      ['es', 'm5'],
      ['es', 'm7'],
      ['es', 'f1'],
      ['es', 'f3'],
      ['es', 'f5'],
      ['es-419', 'm2'],
      ['es-419', 'm4'],
      ['es-419', 'm6'],
      ['es-419', 'f2'],
      ['es-419', 'f4'],
    ],
  },
]

interface Voice {
  readonly accent: string
  readonly variant: string
  readonly speed: number // words a minute
  readonly pitch: number // 0..99, espeak's scale
}

/** espeak-ng's speech as samples at 22,050 Hz. */
function speak(word: string, voice: Voice): Float32Array {
  const wav = execFileSync('espeak-ng', [
    '-v', `${voice.accent}+${voice.variant}`, '-s', String(voice.speed), '-p', String(voice.pitch), '--stdout', word,
  ]) // prettier-ignore
  const data = wav.subarray(44) // the header's own length is unknown while it writes to a pipe
  return Float32Array.from({ length: data.length >> 1 }, (_, i) => data.readInt16LE(2 * i) / 32768)
}

/** Cuts what lies more than 45 dB below the peak at both ends, leaving 10 ms. */
function trim(samples: Float32Array, rate: number): Float32Array {
  const floor = peakOf(samples) * 10 ** (-45 / 20)
  const margin = Math.round(0.01 * rate)
  const start = samples.findIndex((x) => Math.abs(x) > floor)
  const end = samples.findLastIndex((x) => Math.abs(x) > floor)
  return samples.slice(Math.max(0, start - margin), end + margin)
}

const peakOf = (samples: Float32Array) => samples.reduce((m, x) => Math.max(m, Math.abs(x)), 0)
const powerOf = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0) / samples.length

/** Windowed sinc, 32 zero crossings, cut at 0.46 of the lower rate. */
function resample(samples: Float32Array, from: number, to: number): Float32Array {
  const cut = (0.92 * Math.min(from, to)) / from
  const reach = 32 / cut
  return Float32Array.from({ length: Math.round((samples.length * to) / from) }, (_, i) => {
    const centre = (i * from) / to
    let sum = 0
    for (let j = Math.max(0, Math.ceil(centre - reach)); j <= Math.min(samples.length - 1, centre + reach); j++) {
      const t = j - centre
      const x = Math.PI * cut * t
      const sinc = x === 0 ? 1 : Math.sin(x) / x
      sum += samples[j]! * cut * sinc * (0.5 + 0.5 * Math.cos((Math.PI * t) / reach))
    }
    return sum
  })
}

/** A small room: the direct sound and 20 to 90 ms of decaying echoes, `wet` of their energy. */
function room(samples: Float32Array, random: Random): Float32Array {
  const length = Math.round(random.uniform(0.02, 0.09) * SAMPLE_RATE)
  const wet = random.uniform(0, 0.4)
  const echoes = Float32Array.from({ length }, (_, i) => random.normal() * Math.exp((-5 * i) / length))
  const scale = Math.sqrt(wet / (powerOf(echoes) * length))
  const out = new Float32Array(samples.length + length)
  for (let i = 0; i < samples.length; i++) {
    out[i]! += samples[i]!
    for (let j = 0; j < length; j++) out[i + j]! += samples[i]! * echoes[j]! * scale
  }
  return out
}

/** A microphone's tilt: a first-order shelf that lifts or lowers what is above about 1.2 kHz by up to 6 dB. */
function tilt(samples: Float32Array, random: Random): Float32Array {
  const gain = 10 ** (random.uniform(-6, 6) / 20)
  const a = Math.exp((-2 * Math.PI * 1200) / SAMPLE_RATE)
  let low = 0
  return samples.map((x) => {
    low = a * low + (1 - a) * x
    return low + gain * (x - low)
  })
}

/** White to brown noise by one pole, and now and then the hum of the mains. */
function noise(length: number, random: Random): Float32Array {
  const a = random.uniform(0, 0.97)
  const mains = random.next() < 0.5 ? 50 : 60
  const hum = random.next() < 0.3 ? random.uniform(0.2, 1) : 0
  let held = 0
  const out = Float32Array.from({ length }, (_, i) => {
    held = a * held + Math.sqrt(1 - a * a) * random.normal()
    return held + hum * Math.sin((2 * Math.PI * mains * (i % SAMPLE_RATE)) / SAMPLE_RATE)
  })
  const scale = 1 / Math.sqrt(powerOf(out))
  return out.map((x) => x * scale)
}

/** Puts the speech between pauses, adds noise, and sets the level. */
function scene(speech: Float32Array, random: Random): { samples: Float32Array; snr: number } {
  const before = Math.round(random.uniform(0.03, 0.25) * SAMPLE_RATE)
  const after = Math.round(random.uniform(0.03, 0.25) * SAMPLE_RATE)
  const samples = new Float32Array(before + speech.length + after)
  samples.set(speech, before)
  const snr = random.uniform(10, 40)
  const level = Math.sqrt(powerOf(speech)) * 10 ** (-snr / 20)
  const background = noise(samples.length, random)
  for (let i = 0; i < samples.length; i++) samples[i]! += background[i]! * level
  const scale = 10 ** (random.uniform(-18, -2) / 20) / peakOf(samples)
  return { samples: samples.map((x) => x * scale), snr }
}

function wav(samples: Float32Array): Buffer {
  const out = Buffer.alloc(44 + 2 * samples.length)
  out.write('RIFF', 0)
  out.writeUInt32LE(out.length - 8, 4)
  out.write('WAVEfmt ', 8)
  out.writeUInt32LE(16, 16)
  out.writeUInt16LE(1, 20)
  out.writeUInt16LE(1, 22)
  out.writeUInt32LE(SAMPLE_RATE, 24)
  out.writeUInt32LE(2 * SAMPLE_RATE, 28)
  out.writeUInt16LE(2, 32)
  out.writeUInt16LE(16, 34)
  out.write('data', 36)
  out.writeUInt32LE(2 * samples.length, 40)
  samples.forEach((x, i) => out.writeInt16LE(Math.round(x * 32767), 44 + 2 * i))
  return out
}

/** Ogg Opus, about 2 kB a second. The stream's serial number is fixed, or the bytes would differ each time. */
function opus(samples: Float32Array, serial: number): Buffer {
  const settings = ['--quiet', '--speech', '--bitrate', '16', '--padding', '0', '--discard-comments', '--serial']
  return execFileSync('opusenc', [...settings, String(serial), '-', '-'], { input: wav(samples) })
}

const rows = ['file,label,speaker,take,language,accent,variant,speed_wpm,pitch,snr_db']
let serial = 1
for (const language of languages) {
  rmSync(join(folder, language.folder), { recursive: true, force: true })
  for (const label of language.words) {
    mkdirSync(join(folder, language.folder, label), { recursive: true })
    for (const [accent, variant] of language.voices) {
      const speaker = `${accent}-${variant}`
      for (let take = 0; take < TAKES; take++) {
        const name = `${label}_${speaker}_${take}.opus`
        const random = createRandom(name)
        const mark = ['.', '?', '!', ','][random.int(4)]!
        const voice = { accent, variant, speed: 120 + random.int(81), pitch: 30 + random.int(41) }
        const spoken = resample(trim(speak(label + mark, voice), 22_050), 22_050, SAMPLE_RATE)
        const { samples, snr } = scene(tilt(room(spoken, random), random), random)
        const file = `${language.folder}/${label}/${name}`
        writeFileSync(join(folder, file), opus(samples, serial++))
        const about = [language.folder.slice(-2), accent, variant, voice.speed, voice.pitch, snr.toFixed(1)]
        rows.push([file, label, speaker, take, ...about].join(','))
      }
    }
  }
}
writeFileSync(join(folder, 'clips.csv'), `${rows.join('\n')}\n`)
process.stdout.write(`${serial - 1} clips in ${folder}\n`)
