import { SOUND_FLAGS } from '../audio/index.ts'

/**
 * What can be wrong with a clip. The first come from its samples alone; `long` and `short` also from the lengths
 * of its dataset; duplicates from the other clips of the dataset. In the catalog each is one bit, by its place
 * here: new ones go to the end.
 */
export const QUALITY_FLAGS = [...SOUND_FLAGS, 'long', 'unreadable', 'duplicate', 'near-duplicate'] as const
export type QualityFlag = (typeof QUALITY_FLAGS)[number]

export const flagBit = (flag: QualityFlag): number => 1 << QUALITY_FLAGS.indexOf(flag)
export const flagBits = (flags: readonly QualityFlag[]): number => flags.reduce((bits, flag) => bits | flagBit(flag), 0)
/** null (nobody has looked) has none. */
export const flagsOf = (bits: number | null): QualityFlag[] => QUALITY_FLAGS.filter((flag) => ((bits ?? 0) & flagBit(flag)) !== 0)
