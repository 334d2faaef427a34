import { useI18n } from 'vue-i18n'
import { useClient } from '@/client/use-client.ts'
import type { LocalFile } from '@/client/upload.ts'
import { useModelDialogs } from '@/stores/model-dialogs.ts'
import { useToasts } from '@/stores/toasts.ts'
import { chosenModel } from '@/stores/chosen-model.ts'
import { openLocalModel, openPlacedModel, type OpenedFile } from './open-model-file.ts'

/** Opening model files: what opens is chosen for recognition; what must be declared asks for it. */
export function useModelFiles() {
  const client = useClient()
  const dialogs = useModelDialogs()
  const toasts = useToasts()
  const { t } = useI18n()
  const chosen = chosenModel()
  async function open(name: string, work: () => Promise<OpenedFile>): Promise<void> {
    try {
      const opened = await work()
      if (opened.kind === 'network') dialogs.show({ kind: 'network', place: opened.place, file: name })
      else {
        chosen.value = opened.id
        toasts.done(t('models.opened', { name }))
        if (dialogs.open?.kind === 'models') dialogs.show({ kind: 'models', model: opened.id })
      }
    } catch (cause) {
      toasts.error(cause)
    }
  }
  return {
    openLocal: (file: LocalFile) => open(file.name, () => openLocalModel(client, file, new AbortController().signal)),
    openPlaced: (place: string, name: string) => open(name, () => openPlacedModel(client, place, name)),
  }
}
