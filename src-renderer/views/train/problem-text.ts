import { useI18n } from 'vue-i18n'
import type { PlanProblem } from '@contract'

/** A problem of a plan in the person's language; one that has no text there as the program says it. */
export function useProblemText(): (problem: PlanProblem) => string {
  const { t, te } = useI18n()
  return ({ code, message, values }) => {
    const key = `train.problem.${code}`
    const count = values['count']
    // A network that does not fit is told by its layer, as the architecture editor tells it.
    const layer = `architecture.problem.${values['problem']}`
    if (values['problem'] !== undefined && te(layer)) return t('architecture.wrongHere', { layer: values['layer'] ?? '', problem: t(layer, values) })
    if (!te(key)) return message
    return typeof count === 'number' ? t(key, values, count) : t(key, values)
  }
}
