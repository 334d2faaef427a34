import { shallowRef } from 'vue'
import type { Edit } from '@contract'

/** The edits that were copied last, for the next clips. */
export const copiedEdits = shallowRef<readonly Edit[] | null>(null)
