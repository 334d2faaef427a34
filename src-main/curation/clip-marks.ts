/** What a clip can be found by beside its label, each one bit: `hard` as a person said, `suggested` where a suggestion waits. */
export const CLIP_MARKS = ['hard', 'suggested'] as const
export type ClipMarkName = (typeof CLIP_MARKS)[number]

export const markBits = (marks: readonly ClipMarkName[]): number => marks.reduce((bits, mark) => bits | (1 << CLIP_MARKS.indexOf(mark)), 0)
export const marksOf = (bits: number): ClipMarkName[] => CLIP_MARKS.filter((_, i) => (bits & (1 << i)) !== 0)
