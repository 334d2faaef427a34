import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { routeAddress } from './route-address.ts'
import { useRoute } from './route.ts'

/** Clips that another view wants reviewed, in its order. */
export interface ReviewQueue {
  readonly dataset: number
  readonly ids: readonly number[]
  /** The address that is gone back to. */
  readonly back: string
}

export const useReviewQueue = defineStore('reviewQueue', () => {
  const route = useRoute()
  const queue = shallowRef<ReviewQueue | null>(null)
  return {
    queue,
    /** Shows the clips one by one; leaving comes back to where it was begun. */
    begin(dataset: number, ids: readonly number[]): void {
      queue.value = { dataset, ids, back: location.hash || routeAddress('library') }
      route.go('review', 'queue')
    },
  }
})
