import { useI18n } from 'vue-i18n'
import type { ClipSelection, Review, Split } from '@contract'
import { useClient } from '@/client/use-client.ts'
import { useFormats } from '@/composables/format.ts'
import { useClips } from '@/stores/clips.ts'
import { useLibrary } from '@/stores/library.ts'
import { useToasts } from '@/stores/toasts.ts'

export interface ClipActions {
  /** After a key: a single clip's cursor goes on to the next. */
  setLabel(label: number | null, goOn?: boolean): void
  setSplit(split: Split | null): void
  setReview(review: Review, goOn?: boolean): void
  setHard(hard: boolean): void
  /** Of the clips that have one. */
  acceptSuggestions(goOn?: boolean): void
  setSpeaker(speaker: string | null): void
  move(dataset: number): void
  bin(): void
  restore(): void
}

/** What can be done with the selection, or with the clip under the cursor; at once on the screen, with undo in the message. */
export function useClipActions(): ClipActions {
  const { t } = useI18n()
  const client = useClient()
  const clips = useClips()
  const library = useLibrary()
  const toasts = useToasts()
  const formats = useFormats()

  async function change(
    shown: Parameters<typeof clips.patch>[0] | null,
    send: (target: ClipSelection) => Promise<{ changed: number; present?: number }>,
    said: (count: string) => string,
  ): Promise<boolean> {
    const target = clips.target()
    if (!target) return false
    if (shown) clips.patch(shown)
    try {
      const { changed, present = 0 } = await send(target)
      const left = present > 0 ? ` ${t('toast.present', { count: formats.value.count(present) }, present)}` : ''
      if (changed > 1 || shown === null) toasts.done(said(formats.value.count(changed)) + left, changed > 0 ? () => void library.undo() : undefined)
      return true
    } catch (cause) {
      toasts.error(cause)
      void clips.reload()
      return false
    }
  }
  async function takeAway(send: (target: ClipSelection) => Promise<{ changed: number; present?: number }>, said: (count: string) => string): Promise<void> {
    if (await change(null, send, said)) clips.selectNothing()
  }

  return {
    setLabel(label, goOn = false) {
      const single = clips.selected === 0
      // Where the filter hides the clip once it has its label, the next one takes its place by itself.
      const leaves = clips.lists.labels.length > 0 && !clips.lists.labels.includes(label)
      const name = label === null ? t('facets.unlabelled') : (library.labelById.get(label)?.name ?? '')
      void change({ label, suggestion: null }, (target) => client.clips.setLabel({ clips: target, label }), (count) => t('toast.labelled', { count, name }))
      if (goOn && single && !leaves) clips.moveTo(clips.cursor + 1)
    },
    setSplit(split) {
      void change({ split }, (target) => client.clips.setSplit({ clips: target, split }), (count) => t('toast.split', { count, name: t(`split.${split ?? 'none'}`) }))
    },
    setReview(review, goOn = false) {
      const single = clips.selected === 0
      void change({ review }, (target) => client.clips.setReview({ clips: target, review }), (count) => t('toast.reviewed', { count, name: t(`review.${review}`) }))
      if (goOn && single && clips.lists.reviews.length === 0) clips.moveTo(clips.cursor + 1)
    },
    setHard(hard) {
      void change({ hard }, (target) => client.clips.setHard({ clips: target, hard }), (count) => t(hard ? 'toast.hard' : 'toast.notHard', { count }))
    },
    acceptSuggestions(goOn = false) {
      const single = clips.selected === 0
      const suggestion = clips.current?.suggestion
      const shown = single && suggestion ? { label: suggestion.label, review: 'accepted' as const, suggestion: null } : null
      void change(shown, (target) => client.clips.acceptSuggestions({ clips: target }), (count) => t('toast.accepted', { count }))
      if (goOn && single && clips.lists.marks.length === 0 && clips.lists.labels.length === 0) clips.moveTo(clips.cursor + 1)
    },
    setSpeaker(speaker) {
      void change({ speaker }, (target) => client.clips.setSpeaker({ clips: target, speaker }), (count) => t('toast.speaker', { count, name: speaker ?? t('facets.noSpeaker') }))
    },
    move(dataset) {
      const name = library.datasets?.find((d) => d.id === dataset)?.name ?? ''
      void takeAway((target) => client.clips.move({ clips: target, to: dataset }), (count) => t('toast.moved', { count, name }))
    },
    bin: () => void takeAway((target) => client.clips.bin({ clips: target }), (count) => t('toast.binned', { count })),
    restore: () => void takeAway((target) => client.clips.restore({ clips: target }), (count) => t('toast.restored', { count })),
  }
}
