import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { isStopped, shownError } from '@/client/call-error.ts'

export interface Toast {
  readonly id: number
  readonly kind: 'done' | 'error'
  readonly text: string
  readonly hint?: string | null
  /** What one button does: takes it back, or does it again. */
  readonly action?: { readonly kind: 'undo' | 'redo'; readonly run: () => void }
}

export const useToasts = defineStore('toasts', () => {
  const list = shallowReactive<Toast[]>([])
  let next = 1
  const dismiss = (id: number): void => {
    const at = list.findIndex((t) => t.id === id)
    if (at >= 0) list.splice(at, 1)
  }
  const show = (toast: Omit<Toast, 'id'>): void => {
    list.push({ ...toast, id: next++ })
    // Three at once are enough to read; the oldest goes.
    if (list.length > 3) list.shift()
  }
  return {
    list,
    dismiss,
    done: (text: string, undo?: () => void) => show({ kind: 'done', text, ...(undo ? { action: { kind: 'undo', run: undo } } : {}) }),
    undone(text: string, redo: () => void) {
      // What it took back is no longer to be taken back.
      for (const toast of list.filter((t) => t.action)) dismiss(toast.id)
      show({ kind: 'done', text, action: { kind: 'redo', run: redo } })
    },
    error: (cause: unknown) => {
      if (isStopped(cause)) return
      const { message, hint } = shownError(cause)
      show({ kind: 'error', text: message, hint })
    },
  }
})
