import type { ExperimentDetail } from '@contract'

const COLOURS = ['--c-wave', '--c-ok', '--c-warn', '--c-bad', '--c-text', '--c-faint'] as const

/** The first axis decides the colour, the others whether the line is whole: a network keeps its colour. */
export function curveStyle({ axes, conditions }: Pick<ExperimentDetail, 'axes' | 'conditions'>, condition: number): { readonly colour: string; readonly dashed: boolean } {
  const values = conditions[condition]?.values ?? []
  if (axes.length < 2 || !axes.every((a) => 'options' in a)) return { colour: COLOURS[condition % COLOURS.length]!, dashed: condition >= COLOURS.length }
  return { colour: COLOURS[values[0]! % COLOURS.length]!, dashed: values.slice(1).every((v) => v === 0) }
}
