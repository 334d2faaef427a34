/** How a running training and a finished evaluation are told, to a person and to a program. */
import type { Classification, TrainingEvent } from '../../training/index.ts'
import { duration, percent, table, type Console } from '../console.ts'

export function tellTraining(console: Console): (event: TrainingEvent) => void {
  let epochs = 0
  return (event) => {
    console.event({ ...event })
    switch (event.type) {
      case 'preparing':
        return console.progress(`features of ${event.done} of ${event.total} clips (${event.cached} known already)`)
      case 'started':
        epochs = event.epochs
        console.say(`device: ${event.device}, ${event.threads} threads. ${event.deviceReason}`)
        return console.say(
          `${event.clips.train} clips to train, ${event.clips.validation} to validate, ${event.clips.test} to test; ${event.parameters.toLocaleString('en-US')} parameters${event.resumedFrom === null ? '' : `; resumed at step ${event.resumedFrom}`}`,
        )
      case 'progress':
        return console.progress(
          `epoch ${event.epoch}/${epochs}  step ${event.step}/${event.steps}  loss ${event.loss.toFixed(4)}  accuracy ${percent(event.accuracy)}  ${Math.round(event.samplesPerSecond)} clips/s  ${duration(event.secondsLeft)} left`,
        )
      case 'epoch':
        return console.say(epochLine(event, epochs))
      case 'evaluating':
        return console.progress(`evaluating ${event.clips} ${event.split} clips`)
      case 'warning':
        return console.say(`warning: ${event.file === undefined ? '' : `${event.file}: `}${event.message}`)
      case 'checkpoint':
    }
  }
}

function epochLine(e: Extract<TrainingEvent, { type: 'epoch' }>, epochs: number): string {
  const width = String(epochs).length
  const validation = e.validation === null ? '' : `   validation loss ${e.validation.loss.toFixed(4)}, accuracy ${percent(e.validation.accuracy)}`
  return `epoch ${String(e.epoch).padStart(width)}/${epochs}   loss ${e.loss.toFixed(4)}, accuracy ${percent(e.accuracy)}${validation}   ${duration(e.seconds)}`
}

const interval = (i: { readonly low: number; readonly high: number } | null): string =>
  i === null ? '' : ` (95 % interval ${percent(i.low)} to ${percent(i.high)})`
const SHOWN_CONFUSIONS = 5

export function tellEvaluation(console: Console, split: string, e: Classification): void {
  console.say(`${split}: accuracy ${percent(e.accuracy)}${interval(e.intervals.accuracy)}, ${e.clips} clips`)
  console.say(`balanced accuracy ${percent(e.balancedAccuracy)}, macro F1 ${percent(e.macroF1)}\n`)
  const cell = (x: number | null) => (x === null ? '–' : percent(x))
  console.say(table(['label', 'precision', 'recall', 'F1', 'clips'], e.perClass.map((c) => [c.label, cell(c.precision), cell(c.recall), cell(c.f1), String(c.support)])))
  if (e.topConfusions.length === 0) return
  console.say('\nmost confused:')
  for (const c of e.topConfusions.slice(0, SHOWN_CONFUSIONS)) console.say(`  ${c.truth} heard as ${c.predicted}: ${c.count}`)
}
