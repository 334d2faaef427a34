import { useI18n } from 'vue-i18n'
import { useClient } from '@/client/use-client.ts'
import { useToasts } from '@/stores/toasts.ts'
import { useTrainMode } from '@/stores/train-mode.ts'

/** What a person does with an experiment or a search. A call that fails says so. */
export function useExperimentActions() {
  const { t } = useI18n()
  const client = useClient()
  const toasts = useToasts()
  const place = useTrainMode()
  const told = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (cause) {
      toasts.error(cause)
    }
  }
  return {
    cancel: (experiment: string) => told(() => client.experiments.cancel({ experiment })),
    resume: (experiment: string, failed = false) => told(() => client.experiments.resume({ experiment, failed })),
    remove: (experiment: string, name: string) => told(async () => {
      await client.experiments.remove({ experiment })
      place.go(place.mode)
      toasts.done(t('train.removed', { name }), () => void told(() => client.experiments.restore({ experiment })))
    }),
  }
}
