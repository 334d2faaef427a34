/** Recordings with what is said in them, for a calibration; and the counting. */
import { readFile, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CalibrationSource } from '../../src-contract/index.ts'
import { clipsOfRecording } from '../curation/index.ts'
import { AppError, err, fail, ok, toAppError, type Result } from '../kit/index.ts'
import { listSounds, readReference, type ReferenceEvent, type SoundFile } from '../recognition/index.ts'
import { pictureSource } from './picture-source.ts'
import type { Services } from './services.ts'

export interface CalibrationRecording {
  readonly name: string
  readonly path: string
  readonly events: readonly ReferenceEvent[]
}

/** Clips of one recording at most. */
const MOST_CLIPS = 100_000
const TABLE = /\.(txt|csv|tsv)$/i
const HINT = 'Give each recording a label file of its name: Audacity labels (.txt), a Raven selection table (.txt) or CSV; or say that it is background only.'

export function calibrationRecordings(services: Services, source: CalibrationSource): Promise<Result<CalibrationRecording[]>> {
  return source.from === 'recording' ? Promise.resolve(ofLibrary(services, source)) : ofPlace(services, source)
}

function ofLibrary(services: Services, { dataset, recording }: Extract<CalibrationSource, { from: 'recording' }>): Result<CalibrationRecording[]> {
  const found = pictureSource(services, recording)
  if (!found.ok) return found
  const { rows } = clipsOfRecording(services.library, dataset, recording, 0, MOST_CLIPS)
  const rate = found.value.sampleRate
  const names = new Map(services.library.catalog.all<{ id: number; name: string }>('SELECT id, name FROM labels WHERE dataset_id = ?', dataset).map((l) => [l.id, l.name]))
  const events = rows.flatMap(({ label, start, end }) => {
    const name = label === null ? undefined : names.get(label)
    return name === undefined ? [] : [{ label: name, start: start / rate, end: end / rate }]
  })
  if (events.length === 0) return fail('INVALID', 'This recording has no labelled clips in the dataset')
  return ok([{ name: rows[0]!.name, path: found.value.path, events }])
}

async function ofPlace(services: Services, { place, background }: Extract<CalibrationSource, { from: 'place' }>): Promise<Result<CalibrationRecording[]>> {
  const folder = services.places.resolve(place)
  if (!folder.ok) return folder
  const sounds = await listSounds(folder.value)
  if (!sounds.ok) return sounds
  if (sounds.value.length === 0) return fail('NOT_FOUND', 'There are no recordings here', { file: folder.value })
  if (background) return ok(sounds.value.map(({ name, path }) => ({ name, path, events: [] })))
  const found: CalibrationRecording[] = []
  for (const sound of sounds.value) {
    const table = await tableOf(sound, sounds.value.length === 1)
    if (!table.ok) return table
    if (table.value === null) continue
    const events = readReference(await readFile(table.value, 'utf8'), table.value)
    if (!events.ok) return err(new AppError(events.error.code, events.error.message, { file: table.value, hint: HINT }))
    found.push({ name: sound.name, path: sound.path, events: events.value })
  }
  return found.length > 0 ? ok(found) : fail('INVALID', 'None of these recordings has a label file', { file: folder.value, hint: HINT })
}

/** `night.wav` goes with `night.txt`, and with Raven's `night.Table.1.selections.txt`; a single recording with a single table. */
async function tableOf({ path, name }: SoundFile, single: boolean): Promise<Result<string | null>> {
  try {
    const stem = name.split('/').at(-1)!.replace(/\.[^.]*$/, '')
    const tables = (await readdir(dirname(path))).filter((n) => TABLE.test(n)).sort()
    const mine = tables.find((n) => n.replace(TABLE, '') === stem) ?? tables.find((n) => n.startsWith(`${stem}.`)) ?? (single && tables.length === 1 ? tables[0] : undefined)
    return ok(mine === undefined ? null : join(dirname(path), mine))
  } catch (cause) {
    return err(toAppError(cause, 'looking for label files', path))
  }
}
