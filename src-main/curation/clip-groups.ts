import { FINGERPRINT_SIZE, type DecodePool } from '../audio/index.ts'
import type { Library, ReadableCatalog, WritableCatalog } from '../catalog/index.ts'
import { ok, type Result } from '../kit/index.ts'
import { flagBits } from './quality-flags.ts'
import { usualLengths } from './unusual-length.ts'

/**
 * What a clip's flags owe to the other clips of its dataset: lengths that are unusual there, and clips that are
 * the same. The same samples make a sound group, alike fingerprints a near group; a group is what hangs together
 * by pairs, and its name is its first clip.
 */
interface Row {
  readonly id: number
  readonly quality: number
  /** Flags of the sound alone. */
  readonly own: number
  readonly seconds: number
  readonly binned: 0 | 1
  readonly samplesHash: string | null
  readonly fingerprint: Uint8Array | null
  readonly soundGroup: number | null
  readonly nearGroup: number | null
}

const LENGTH_BITS = flagBits(['short', 'long'])

const ROWS = `SELECT c.id, c.quality, s.flags AS own, c.seconds, c.binned_at IS NOT NULL AS binned, s.samples_hash AS samplesHash, s.fingerprint,
    c.sound_group AS soundGroup, c.near_group AS nearGroup
  FROM clips c JOIN sounds s ON s.recording_key = c.recording_key AND s.start_sample = c.start_sample AND s.end_sample = c.end_sample
  WHERE c.dataset_id = ? AND c.quality IS NOT NULL ORDER BY c.id`

/** Finds the groups of a dataset again; returns how many clips came to stand differently. */
export async function groupClips(library: Library, datasetId: number, pool: DecodePool, signal?: AbortSignal): Promise<Result<number>> {
  const rows = library.catalog.all<Row>(ROWS, datasetId)
  const sound = groupsBy(rows, (row) => row.samplesHash)
  const first = new Map(rows.map((row) => [row.samplesHash ?? row.id, row.id] as const).toReversed())
  const pictured = rows.filter((row) => row.fingerprint !== null && first.get(row.samplesHash ?? row.id) === row.id)
  const fingerprints = new Int8Array(pictured.length * FINGERPRINT_SIZE)
  for (const [i, row] of pictured.entries()) fingerprints.set(new Int8Array(row.fingerprint!), i * FINGERPRINT_SIZE)
  const pairs = await pool.nearPairs(fingerprints, { signal })
  if (!pairs.ok) return pairs
  const union = createUnion()
  for (const { a, b } of pairs.value) union.join(pictured[a]!.id, pictured[b]!.id)
  for (const row of rows) if (row.samplesHash !== null && row.fingerprint !== null) union.join(row.id, first.get(row.samplesHash)!)
  const near = groupsBy(rows, (row) => union.find(row.id))
  const lengths = usualLengths(rows.filter((r) => !r.binned).map((r) => r.seconds).sort((a, b) => a - b))
  return library.catalog.transact('groups', (catalog) => {
    let changed = 0
    for (const row of rows) {
      let quality = (row.quality & ~LENGTH_BITS) | (row.own & LENGTH_BITS)
      if (lengths && row.seconds > lengths.longest) quality |= flagBits(['long'])
      if (lengths && row.seconds < lengths.shortest) quality |= flagBits(['short'])
      const [soundGroup, nearGroup] = [sound.get(row.id) ?? null, near.get(row.id) ?? null]
      if (soundGroup === null && nearGroup === null) quality &= ~flagBits(['duplicate', 'near-duplicate'])
      if (quality === row.quality && soundGroup === row.soundGroup && nearGroup === row.nearGroup) continue
      changed += catalog.run('UPDATE clips SET quality = ?, sound_group = ?, near_group = ? WHERE id = ? AND quality IS NOT NULL', quality, soundGroup, nearGroup, row.id).changes
    }
    return ok(changed + setMarks(catalog, staleMarks(catalog, datasetId)))
  }, { undoable: false })
}

interface Mark {
  readonly id: number
  readonly quality: number
}

/**
 * Clips whose flags as duplicates are no longer right: a clip is one as long as another of its group is not in the
 * bin. Only clips with a group are read, because this runs after every change.
 */
export function staleMarks(catalog: ReadableCatalog, datasetId: number): Mark[] {
  const rows = catalog.all<Pick<Row, 'id' | 'quality' | 'soundGroup' | 'nearGroup'>>(
    `SELECT id, quality, sound_group AS soundGroup, near_group AS nearGroup FROM clips INDEXED BY clips_by_likeness
     WHERE dataset_id = ? AND near_group IS NOT NULL AND quality IS NOT NULL AND binned_at IS NULL
     UNION SELECT id, quality, sound_group, near_group FROM clips INDEXED BY clips_by_sound
     WHERE dataset_id = ? AND sound_group IS NOT NULL AND quality IS NOT NULL AND binned_at IS NULL`, datasetId, datasetId)
  const same = new Map<number, number>()
  const alike = new Map<number, Set<string>>()
  for (const { id, soundGroup, nearGroup } of rows) {
    if (soundGroup !== null) same.set(soundGroup, (same.get(soundGroup) ?? 0) + 1)
    if (nearGroup === null) continue
    const sounds = alike.get(nearGroup) ?? new Set()
    alike.set(nearGroup, sounds.add(soundGroup === null ? `clip ${id}` : `sound ${soundGroup}`))
  }
  const clear = ~flagBits(['duplicate', 'near-duplicate'])
  return rows.flatMap(({ id, quality, soundGroup, nearGroup }) => {
    const isSame = soundGroup !== null && same.get(soundGroup)! > 1
    const isAlike = nearGroup !== null && alike.get(nearGroup)!.size > 1
    const wanted = (quality & clear) | (isSame ? flagBits(['duplicate']) : 0) | (isAlike ? flagBits(['near-duplicate']) : 0)
    return wanted === quality ? [] : [{ id, quality: wanted }]
  })
}

export function setMarks(catalog: WritableCatalog, marks: readonly Mark[]): number {
  for (const { id, quality } of marks) catalog.run('UPDATE clips SET quality = ? WHERE id = ? AND quality IS NOT NULL', quality, id)
  return marks.length
}

/** The first clip of each group of two or more, by each of its clips. */
function groupsBy<K>(rows: readonly Row[], keyOf: (row: Row) => K | null): Map<number, number> {
  const members = new Map<K, number[]>()
  for (const row of rows) {
    const key = keyOf(row)
    if (key === null) continue
    const known = members.get(key)
    if (known) known.push(row.id)
    else members.set(key, [row.id])
  }
  return new Map([...members.values()].filter((ids) => ids.length > 1).flatMap((ids) => ids.map((id) => [id, ids[0]!] as const)))
}

function createUnion() {
  const parents = new Map<number, number>()
  const find = (id: number): number => {
    let root = id
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up
    for (let at = id; at !== root; ) {
      const up = parents.get(at)!
      parents.set(at, root)
      at = up
    }
    return root
  }
  return {
    find,
    join(a: number, b: number) {
      const [x, y] = [find(a), find(b)]
      if (x !== y) parents.set(Math.max(x, y), Math.min(x, y))
    },
  }
}
