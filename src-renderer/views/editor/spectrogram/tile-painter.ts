import { hertzAt, type FrequencyAxis } from '../frequency-axis.ts'

/** Which bins of a tile a row of the picture shows. */
export interface RowMap {
  /** The lower of two neighbouring bins, and how much of the upper one counts (of 256); where bins are closer than rows. */
  readonly bin: Uint16Array
  readonly part: Uint16Array
  /** Where a row covers several bins: how many, of which the loudest is shown; 0 otherwise. */
  readonly many: Uint16Array
}

/** Rows from the top (high) to the bottom (low); `bins` from 0 Hz to half the sample rate. */
export function rowMap(axis: FrequencyAxis, rows: number, bins: number, nyquist: number): RowMap {
  const bin = new Uint16Array(rows)
  const part = new Uint16Array(rows)
  const many = new Uint16Array(rows)
  const place = (row: number): number => Math.max(0, Math.min(bins - 1, (hertzAt(axis, 1 - row / rows) / nyquist) * (bins - 1)))
  for (let row = 0; row < rows; row++) {
    const low = place(row + 1)
    const high = place(row)
    const first = Math.ceil(low)
    const last = Math.floor(high)
    if (last - first >= 1) {
      bin[row] = first
      many[row] = last - first + 1
    } else {
      const at = Math.min(bins - 1, (low + high) / 2)
      bin[row] = Math.min(bins - 2, Math.floor(at))
      part[row] = Math.round(256 * (at - bin[row]!))
    }
  }
  return { bin, part, many }
}

/** Paints bytes [column, bin] into pixels [row, column]. */
export function paintTile(bytes: Uint8Array, columns: number, bins: number, rows: RowMap, colours: Uint32Array, pixels: Uint32Array): void {
  const { bin, part, many } = rows
  const height = bin.length
  for (let row = 0, out = 0; row < height; row++) {
    const first = bin[row]!
    const upper = part[row]!
    const count = many[row]!
    if (count === 0)
      for (let column = 0, at = first; column < columns; column++, at += bins)
        pixels[out++] = colours[(bytes[at]! * (256 - upper) + bytes[at + 1]! * upper + 128) >> 8]!
    else
      for (let column = 0, at = first; column < columns; column++, at += bins) {
        let loudest = 0
        for (let b = at; b < at + count; b++) if (bytes[b]! > loudest) loudest = bytes[b]!
        pixels[out++] = colours[loudest]!
      }
  }
}
