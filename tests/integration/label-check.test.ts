import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { listClipRows, listLabelRows } from '../../src-main/catalog/index.ts'
import { setLabel } from '../../src-main/curation/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createLabelChecks, nextClips, trainRun } from '../../src-main/runs/index.ts'
import { foldFolder } from '../../src-main/runs/label-check/files.ts'
import { choiceJob } from '../../src-main/runs/next-clips.ts'
import { chooseByNetwork } from '../../src-main/training/choosing/choose-job.ts'
import type { TrainingEvent } from '../../src-main/training/index.ts'
import { toneLibrary } from '../support/tone-library.ts'

const onBug = (cause: unknown): never => {
  throw cause
}

it('finds planted errors; stopped, it goes on where it was, also in another process of the program', async () => {
  using t = await toneLibrary()
  const { library } = t
  const clips = listClipRows(library.catalog, 1)
  const labels = listLabelRows(library.catalog, 1).map((l) => l.name)
  const wrong = clips.filter((_, i) => i % 11 === 5)
  for (const clip of wrong) unwrap(setLabel(library, 'tones', [clip.id], labels[(labels.indexOf(clip.label!) + 1) % labels.length]!))
  const run = await t.run({ epochs: 25 })

  const checks = createLabelChecks(library, { onBug })
  expect(await checks.begin({ run, folds: 20, by: 'speaker' })).toMatchObject({ ok: false, error: { code: 'INVALID', message: expect.stringContaining('speakers') } })
  expect(await checks.resume(1)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  unwrap(await checks.begin({ run, folds: 3, by: 'recording' }))
  expect(await checks.begin({ run, folds: 3, by: 'recording' })).toMatchObject({ ok: false, error: { code: 'RUN_BUSY' } })
  // Stopped in the second fold.
  for await (const { current } of checks.watch()) if (current?.fold === 1 && current.phase === 'training') break
  checks.stop()
  await checks.settled()
  expect(checks.state).toMatchObject({ current: null, problem: null })
  expect((await checks.read(1))!.outcome).toBeNull()
  await checks[Symbol.asyncDispose]()

  const later = createLabelChecks(library, { onBug })
  const folds = new Set<number>()
  unwrap(await later.resume(1))
  for await (const { current } of later.watch()) {
    if (current === null) break
    if (current.phase === 'training') folds.add(current.fold)
  }
  await later.settled()
  expect([...folds]).not.toContain(0)
  const { plan, outcome } = (await later.read(1))!
  expect(plan.clips.map((c) => c.id).toSorted((a, b) => a - b)).toEqual(outcome!.id.toSorted((a, b) => a - b))
  expect(existsSync(foldFolder(library, 1, 0))).toBe(false)
  const found = new Map(outcome!.issues.map((issue) => [issue.clip, plan.labels[issue.suggested]]))
  const truth = new Map(clips.map((c) => [c.id, c.label]))
  // Tones are told apart with ease: every planted error is found, with its true label.
  for (const clip of wrong) expect(found.get(clip.id), `clip ${clip.id}`).toBe(truth.get(clip.id))
  expect(outcome!.issues.map((i) => i.margin)).toEqual(outcome!.issues.map((i) => i.margin).toSorted((a, b) => a - b))
  unwrap(await later.remove(1))
  expect(await later.read(1)).toBeNull()
  await later[Symbol.asyncDispose]()
})

it('tells how far a choice is, and stops when it is told to', async () => {
  using t = await toneLibrary()
  const { library } = t
  const run = await t.run({ epochs: 1 })
  unwrap(await trainRun(library, run))
  unwrap(setLabel(library, 'tones', listClipRows(library.catalog, 1).map((c) => c.id), null))
  const request = { run, count: 10, method: 'badge' } as const
  const phases = new Set<string>()
  const { clips } = unwrap(await nextClips(library, request, {
    onEvent(event) {
      if (event.type === 'choice') expect(event.done).toBeLessThanOrEqual(event.total)
      phases.add(event.type === 'choice' ? event.phase : event.type)
    },
  }))
  expect(clips).toHaveLength(10)
  expect([...phases]).toEqual(['preparing', 'asking', 'choosing'])
  const { dataset: _, ...job } = unwrap(await choiceJob(library, request))
  for (const phase of ['asking', 'choosing']) {
    let stopped = false
    const told: string[] = []
    const emit = (event: TrainingEvent): void => {
      if (event.type === 'choice') told.push(event.phase)
      stopped ||= event.type === 'choice' && event.phase === phase
    }
    const device = { device: 'cpu', reason: '' } as const
    await expect(chooseByNetwork(job, { emit, cancelled: () => stopped, ended: () => false, device })).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(told.at(-1)).toBe(phase)
  }
})

it('chooses unlabelled clips by a run, with what it would call them', async () => {
  using t = await toneLibrary()
  const { library } = t
  const run = await t.run({ epochs: 25 })
  unwrap(await trainRun(library, run))
  expect(await nextClips(library, { run, count: 5, method: 'badge' })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  const clips = listClipRows(library.catalog, 1)
  const some = clips.filter((_, i) => i % 3 === 0)
  unwrap(setLabel(library, 'tones', some.map((c) => c.id), null))
  for (const method of ['badge', 'margin', 'entropy'] as const) {
    const next = unwrap(await nextClips(library, { run, count: 5, method }))
    expect(next.clips).toHaveLength(5)
    expect(next.looked).toBe(some.length)
    for (const { clip, label, probability, uncertainty } of next.clips) {
      expect(some.map((c) => c.id)).toContain(clip)
      expect(label).toBeLessThan(next.labels.length)
      expect(probability).toBeGreaterThanOrEqual(1 / next.labels.length)
      expect(uncertainty >= 0 && uncertainty <= 1).toBe(true)
    }
  }
  const all = unwrap(await nextClips(library, { run, count: 500, method: 'badge' }))
  const truth = new Map(clips.map((c) => [c.id, c.label]))
  const right = all.clips.filter((c) => all.labels[c.label] === truth.get(c.clip))
  expect(right.length).toBeGreaterThan(0.7 * all.clips.length)
})
