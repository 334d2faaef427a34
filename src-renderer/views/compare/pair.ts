import { ref, shallowRef } from 'vue'

/** The side of the split on which two runs are set against each other. */
export const pairSplit = ref<'validation' | 'test'>('test')
/** Clips of one cell of a confusion matrix: of this label, taken for that by one of the two. */
export const clipFilter = shallowRef<{ readonly label: string; readonly predicted: string } | null>(null)
