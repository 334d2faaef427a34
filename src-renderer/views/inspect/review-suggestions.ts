import { useClient } from '@/client/use-client.ts'
import { useReviewQueue } from '@/stores/review-queue.ts'
import { useToasts } from '@/stores/toasts.ts'

/** A clip to be heard, and what a network would call it; null where that label is gone. */
export interface Suggested {
  readonly clip: number
  readonly label: number | null
  readonly probability: number
}

/** Hands clips to Review with their suggestions filled in, from one of them on; those before it come last. */
export function useReviewSuggestions(): (dataset: number, clips: readonly Suggested[], first?: number) => Promise<void> {
  const client = useClient()
  const review = useReviewQueue()
  const toasts = useToasts()
  return async (dataset, clips, first) => {
    try {
      const suggestions = clips.flatMap(({ clip, label, probability }) => (label === null ? [] : [{ clip, label, probability: Math.min(1, probability) }]))
      if (suggestions.length > 0) await client.clips.suggest({ dataset, suggestions })
      const at = Math.max(0, clips.findIndex(({ clip }) => clip === first))
      review.begin(dataset, [...clips.slice(at), ...clips.slice(0, at)].map(({ clip }) => clip))
    } catch (cause) {
      toasts.error(cause)
    }
  }
}
