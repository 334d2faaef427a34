import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useExperimentForm } from '@/stores/experiment-form.ts'
import { useLibrary } from '@/stores/library.ts'
import { useTrainMode } from '@/stores/train-mode.ts'

/** What an experiment or a search is called unless the person says. */
export function useStartName(): ComputedRef<string> {
  const { t } = useI18n()
  const library = useLibrary()
  const place = useTrainMode()
  const form = useExperimentForm()
  return computed(() => {
    const dataset = library.dataset?.name ?? ''
    if (place.mode === 'search') return t('experiment.searchName', { method: t(`search.method.${form.method}`), dataset })
    const axes = form.request?.axes ?? []
    const first = axes[0] && 'options' in axes[0] ? axes[0].options.map((o) => o.name) : []
    const names = first.length > 3 ? t('experiment.networks', { count: first.length }) : first.join(', ')
    return t('experiment.experimentName', { names, dataset })
  })
}
