/** A check of a dataset's labels on disk: what was asked, the networks of its folds while they train, what came out. */
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Library } from '../../catalog/index.ts'
import { err, ok, toAppError, writeFileAtomic, type Result } from '../../kit/index.ts'
import { trainingClipSchema, trainingSettingsSchema, deviceSchema } from '../../training/index.ts'

export const CHECK_GROUPS = ['recording', 'speaker'] as const
export type CheckGroup = (typeof CHECK_GROUPS)[number]

const planSchema = z.strictObject({
  version: z.literal(1),
  dataset: z.int(),
  /** The run whose settings the folds are trained with. */
  run: z.string(),
  startedAt: z.string(),
  by: z.enum(CHECK_GROUPS),
  folds: z.int().min(2),
  labels: z.array(z.string()).min(2),
  settings: trainingSettingsSchema,
  device: deviceSchema,
  threads: z.int().min(1).nullable(),
  /** The clips with their labels as they were; `fold` is where a clip is predicted and not trained on. */
  clips: z.array(trainingClipSchema.omit({ path: true, split: true }).extend({ fold: z.int().nonnegative(), reviewed: z.boolean() })),
})
/** What was asked: it stays the same however often the check is interrupted. */
export type CheckPlan = z.output<typeof planSchema>

const outcomeSchema = z.strictObject({
  finishedAt: z.string(),
  /** Clips that were predicted; those that could not be read are missing. */
  id: z.array(z.int()),
  /** Part of the clips whose given label was the most probable one, out of fold. */
  agreement: z.number(),
  issues: z.array(z.strictObject({ clip: z.int(), given: z.int(), suggested: z.int(), selfConfidence: z.number(), probability: z.number(), margin: z.number() })),
  skipped: z.int(),
})
export type CheckOutcome = z.output<typeof outcomeSchema>

export const checkFolder = ({ folder }: Library, dataset: number): string => join(folder.root, 'checks', String(dataset))
export const foldFolder = (library: Library, dataset: number, fold: number): string => join(checkFolder(library, dataset), `fold-${fold}`)
const planFile = (library: Library, dataset: number): string => join(checkFolder(library, dataset), 'plan.json')
const outcomeFile = (library: Library, dataset: number): string => join(checkFolder(library, dataset), 'outcome.json')

export const readPlan = (library: Library, dataset: number): Promise<CheckPlan | null> => read(planFile(library, dataset), planSchema)
export const readOutcome = (library: Library, dataset: number): Promise<CheckOutcome | null> => read(outcomeFile(library, dataset), outcomeSchema)

/** Takes the place of an older check of the dataset. */
export async function writePlan(library: Library, plan: CheckPlan): Promise<Result<void>> {
  const folder = checkFolder(library, plan.dataset)
  try {
    await rm(folder, { recursive: true, force: true })
    await writeFileAtomic(planFile(library, plan.dataset), JSON.stringify(plan))
    return ok(undefined)
  } catch (cause) {
    return err(toAppError(cause, 'writing the check of the labels', folder))
  }
}

/** The outcome is on disk before the networks go. */
export async function writeOutcome(library: Library, plan: CheckPlan, outcome: CheckOutcome): Promise<Result<void>> {
  const file = outcomeFile(library, plan.dataset)
  try {
    await writeFileAtomic(file, JSON.stringify(outcome))
    for (let fold = 0; fold < plan.folds; fold++) await rm(foldFolder(library, plan.dataset, fold), { recursive: true, force: true })
    return ok(undefined)
  } catch (cause) {
    return err(toAppError(cause, 'writing the check of the labels', file))
  }
}

export async function removeCheck(library: Library, dataset: number): Promise<Result<void>> {
  const folder = checkFolder(library, dataset)
  try {
    await rm(folder, { recursive: true, force: true })
    return ok(undefined)
  } catch (cause) {
    return err(toAppError(cause, 'removing the check of the labels', folder))
  }
}

/** Null where it is not there, or not what this program writes: then it is made anew. */
async function read<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  if (!existsSync(path)) return null
  try {
    return schema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data ?? null
  } catch {
    return null
  }
}
