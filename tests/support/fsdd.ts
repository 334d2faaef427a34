import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const base = process.env['ESPECTRO_FSDD'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'fsdd')
const folder = join(base, 'recordings')

/** The recordings of the Free Spoken Digit Dataset, `{digit}_{speaker}_{take}.wav`; null where they are not here. */
export const fsddFolder: string | null = existsSync(folder) ? folder : null
export const NO_FSDD = 'the Free Spoken Digit Dataset is not here (set ESPECTRO_FSDD to its folder)'

/** Paths of the takes that fit, in order of their names. */
export const fsddFiles = (fits: (digit: string, speaker: string, take: number) => boolean): string[] =>
  (fsddFolder === null ? [] : readdirSync(fsddFolder).sort())
    .filter((name) => {
      const [, digit = '', speaker = '', take = ''] = /^(\d)_(\w+)_(\d+)\.wav$/.exec(name) ?? []
      return digit !== '' && fits(digit, speaker, Number(take))
    })
    .map((name) => join(fsddFolder!, name))
