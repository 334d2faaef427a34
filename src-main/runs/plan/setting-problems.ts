/** What the settings say about a training, beside what their schema refuses. Pure. */
import type { Clip } from '../../catalog/index.ts'
import { DEFAULT_RATES, type TrainingSettings } from '../../training/index.ts'
import type { PlanProblem } from './problem.ts'

/** Part of the clips from which their length is worth a word. */
const NOTABLE = 0.05
const CUT = 1.1
const PADDED = 0.4
/** Times the default rate from which trainings often diverge. */
const HIGH = 10

export function settingProblems(settings: TrainingSettings, clips: readonly Clip[]): PlanProblem[] {
  const problems: PlanProblem[] = []
  const warn = (problem: Omit<PlanProblem, 'level'>) => void problems.push({ level: 'warning', ...problem })
  const { frontEnd, batch, schedule, optimizer } = settings
  const train = clips.filter((c) => c.split === 'train').length
  const rate = Math.max(0, ...clips.map((c) => c.sampleRate))
  if (clips.length > 0 && frontEnd.sampleRate > rate)
    warn({ code: 'RATE_ABOVE_DATA', field: 'frontEnd', message: `The front end works at ${frontEnd.sampleRate} Hz, but the recordings have ${rate} Hz at most: what lies above is empty.`, values: { rate: frontEnd.sampleRate, data: rate } })
  const { seconds } = frontEnd.clip
  const part = (is: (clip: Clip) => boolean) => clips.filter(is).length / Math.max(1, clips.length)
  const cut = part((c) => c.seconds > CUT * seconds)
  if (cut >= NOTABLE) warn({ code: 'CLIPS_CUT', field: 'frontEnd', message: `${percent(cut)} of the clips are longer than the ${seconds} s that the front end looks at, and are cut.`, values: { part: Math.round(cut * 100), seconds } })
  const padded = part((c) => c.seconds < PADDED * seconds)
  if (padded >= 0.5) warn({ code: 'CLIPS_PADDED', field: 'frontEnd', message: `${percent(padded)} of the clips fill less than ${percent(PADDED)} of the ${seconds} s that the front end looks at.`, values: { part: Math.round(padded * 100), seconds, fill: PADDED * 100 } })
  if (train > 0 && batch > train) warn({ code: 'BATCH_REDUCED', field: 'batch', message: `There are ${train} training clips only: a batch will hold all of them.`, values: { clips: train } })
  if (schedule.rate > HIGH * DEFAULT_RATES[optimizer.type])
    warn({ code: 'RATE_HIGH', field: 'schedule', message: `A learning rate of ${schedule.rate} is more than ten times what usually works with ${optimizer.type}.`, values: { rate: schedule.rate, usual: DEFAULT_RATES[optimizer.type] } })
  return problems
}

const percent = (part: number): string => `${Math.round(part * 100)} %`
