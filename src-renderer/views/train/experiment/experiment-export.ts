import { useI18n } from 'vue-i18n'
import type { ExperimentDetail } from '@contract'
import { useFormats } from '@/composables/format.ts'
import { useExperiments } from '@/stores/experiments.ts'
import { useToasts } from '@/stores/toasts.ts'
import { curveFigure, PRINT_COLOURS, type FigureLine } from './curve-figure.ts'
import { curveStyle } from './curve-style.ts'
import { usePValue } from './p-value.ts'
import { resultCsv, resultMarkdown, type NameOf } from './report.ts'
import { useValueNames } from './value-names.ts'

/** Hands the result over as a file. */
export function useExperimentExport() {
  const { t } = useI18n()
  const formats = useFormats()
  const names = useValueNames()
  const experiments = useExperiments()
  const toasts = useToasts()
  const p = usePValue()
  // A spreadsheet wants numbers and names as the program writes them, whatever the language.
  const plainName: NameOf = (axis, value) => ('options' in axis ? (axis.options[value]?.name ?? '') : String(value))
  const points = (part: number): string => `${part > 0 ? '+' : part < 0 ? '−' : ''}${formats.value.decimal(Math.abs(part) * 100, 1)}`

  function save(text: string, type: string, name: string): void {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    toasts.done(t('experiment.saved', { name }))
  }
  const fileName = (detail: ExperimentDetail, end: string): string => `${detail.name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'experiment'}.${end}`

  function figures(detail: ExperimentDetail): { address: string; caption: string }[] {
    const line = (curve: FigureLine['curve']): FigureLine => {
      const first = detail.conditions[curve.condition]!.values[0]!
      const single = detail.axes.length < 2
      return { name: names.value.all(detail.axes, detail.conditions[curve.condition]!.values), curve, colour: PRINT_COLOURS[(single ? curve.condition : first) % PRINT_COLOURS.length]!, dashed: curveStyle(detail, curve.condition).dashed }
    }
    const picture = (measure: 'accuracy' | 'loss', format: (v: number) => string) => {
      const address = curveFigure((experiments.curves?.[measure] ?? []).map(line), { xLabel: t('experiment.epoch'), format })
      return address === null ? [] : [{ address, caption: `${t(`experiment.curve.${measure}`)}. ${t('experiment.curveNote')}` }]
    }
    return [...picture('accuracy', (v) => formats.value.percent(v, 0)), ...picture('loss', (v) => formats.value.decimal(v, 2))]
  }

  return {
    csv: (detail: ExperimentDetail) => save(resultCsv(detail, plainName), 'text/csv', fileName(detail, 'csv')),
    markdown(detail: ExperimentDetail) {
      const text = resultMarkdown(
        { detail, differences: experiments.differences ?? [], against: experiments.against ?? 0, side: experiments.side, figures: figures(detail) },
        {
          say: (key, values = {}) => t(`report.${key}`, values),
          percent: (part) => formats.value.percent(part),
          points, p,
          count: (value) => formats.value.count(value),
          nameOf: (axis, value) => names.value.of(axis, value),
          axis: (field) => t(`search.field.${field}`),
          measure: (measure) => t(`experiment.measureShort.${measure}`),
          side: (side) => t(`experiment.side.${side}`),
        },
      )
      save(text, 'text/markdown', fileName(detail, 'md'))
    },
  }
}
