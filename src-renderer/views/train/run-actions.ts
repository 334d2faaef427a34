import { useI18n } from 'vue-i18n'
import type { Run } from '@contract'
import { useClient } from '@/client/use-client.ts'
import { useToasts } from '@/stores/toasts.ts'
import { useTraining } from '@/stores/training.ts'
import { useTrainingForm } from '@/stores/training-form.ts'

/** What a person does with a run. A call that fails says so. */
export function useRunActions() {
  const { t } = useI18n()
  const client = useClient()
  const toasts = useToasts()
  const training = useTraining()
  const form = useTrainingForm()
  const told = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (cause) {
      toasts.error(cause)
    }
  }
  /** About a third longer, as a round number. */
  const more = (run: Run): number => Math.max(5, Math.round((run.config?.epochs ?? 10) / 15) * 5)
  return {
    more,
    pause: ({ id }: Run) => told(() => client.training.pause({ run: id })),
    end: ({ id }: Run) => told(() => client.training.end({ run: id })),
    resume: ({ id }: Run) => told(() => client.training.resume({ run: id, epochs: null })),
    longer: (run: Run) => told(() => client.training.resume({ run: run.id, epochs: (run.config?.epochs ?? 0) + more(run) })),
    star: ({ id, favourite }: Run) => told(() => client.runs.annotate({ run: id, favourite: !favourite })),
    copy: ({ id }: Run) => told(async () => {
      await form.copy(id)
      toasts.done(t('train.copied'))
    }),
    remove: ({ id, name }: Run) => told(async () => {
      await client.runs.remove({ run: id })
      if (training.shownId === id) training.look(null)
      toasts.done(t('train.removed', { name }), () => void told(() => client.runs.restore({ run: id })))
    }),
    dequeue: ({ id }: Run) => told(() => client.training.pause({ run: id })),
    /** In the queue by one place. */
    shift: ({ id }: Run, by: -1 | 1) => told(() => {
      const waiting = training.queue?.waiting ?? []
      const at = waiting.indexOf(id)
      return client.training.move({ run: id, before: waiting[by === -1 ? at - 1 : at + 2] ?? null })
    }),
    proceed: () => told(() => client.training.proceed()),
    hold: () => told(() => client.training.hold()),
  }
}
