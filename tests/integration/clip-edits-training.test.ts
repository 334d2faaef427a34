import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createDecodePool, type Edit } from '../../src-main/audio/index.ts'
import { clipKey, computeFeatures, createFittedFrontEndModel } from '../../src-main/features/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createSession, floats, tensor } from '../../src-main/runtime/index.ts'
import { dataHash, trainingClipSchema } from '../../src-main/training/index.ts'
import { prepareClips } from '../../src-main/training/prepare.ts'
import { LABELS, makeToneClips, SETTINGS } from './training-data.ts'

const EDITS: Edit[] = [{ kind: 'low-pass', hz: 600 }, { kind: 'normalise', to: 'rms', level: -20 }]

it('training learns from the edited sound, and the cache keeps it apart from the unedited one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-edits-'))
  try {
    const [clip] = makeToneClips(join(folder, 'clips'), { train: 1, validation: 1, test: 1 })
    const edited = { ...clip!, edits: EDITS }
    const options = { frontEnd: SETTINGS.frontEnd, folder: join(folder, 'cache'), threads: 1, emit: () => undefined, cancelled: () => false }
    const features = async (of: typeof edited) => (await prepareClips({ ...options, clips: [of] })).prepared[0]!.features
    const plain = await features({ ...clip!, edits: [] })
    const first = await features(edited)
    expect(first).not.toEqual(plain)
    // From the cache, and as the front end makes them of what the decoder renders.
    expect(await features(edited)).toEqual(first)
    expect(await features({ ...clip!, edits: [] })).toEqual(plain)
    await using pool = createDecodePool({ workers: 1 })
    const { samples } = unwrap(await pool.decode({ ...edited, sampleRate: SETTINGS.frontEnd.sampleRate }))
    await using session = unwrap(await createSession(createFittedFrontEndModel(SETTINGS.frontEnd), { device: 'cpu', threads: 1 }))
    const [wanted] = await computeFeatures([samples], SETTINGS.frontEnd, async (waveforms, shape) =>
      floats((await session.run({ waveform: tensor(waveforms, shape) }))['features']!))
    expect(first).toEqual(wanted)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('hashes name the edits, and are as before where there are none', () => {
  const clip = { contentKey: 'a'.repeat(64), startSample: 0, endSample: 10, sampleRate: 8000, label: 0, split: 'train', id: 1 } as const
  const span = { recording: clip.contentKey, start: 0, end: 10 }
  expect(clipKey({ ...span, edits: [] })).toBe(clipKey(span))
  expect(clipKey({ ...span, edits: EDITS })).not.toBe(clipKey(span))
  expect(clipKey({ ...span, edits: EDITS.toReversed() })).toBe(clipKey({ ...span, edits: EDITS }))
  expect(dataHash(LABELS, [{ ...clip, edits: [] }])).toBe(dataHash(LABELS, [clip]))
  expect(dataHash(LABELS, [{ ...clip, edits: EDITS }])).not.toBe(dataHash(LABELS, [clip]))
  const job = { ...clip, path: 'x.wav' }
  expect(trainingClipSchema.parse(job)).toEqual(job)
  expect(trainingClipSchema.parse({ ...job, edits: EDITS.toReversed() }).edits).toEqual(EDITS)
  expect(trainingClipSchema.safeParse({ ...job, edits: [{ kind: 'reverb' }] }).success).toBe(false)
})
