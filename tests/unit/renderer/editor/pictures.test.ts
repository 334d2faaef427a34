import { describe, expect, it } from 'vitest'
import { columnHop, TILE_COLUMNS, tileLevels } from '../../../../src-contract/index.ts'
import { codeColours, COLOUR_MAPS, colourTable, oklab } from '../../../../src-renderer/views/editor/spectrogram/colour-maps.ts'
import { paintTile, rowMap } from '../../../../src-renderer/views/editor/spectrogram/tile-painter.ts'
import { levelFor, placeTile, tilesIn } from '../../../../src-renderer/views/editor/spectrogram/tile-plan.ts'
import { waveColumns, type PairSource } from '../../../../src-renderer/views/editor/waveform/wave-columns.ts'
import { butterworthQualities } from '../../../../src-renderer/views/editor/playback/butterworth.ts'

describe.each(COLOUR_MAPS)('the colours of %s', (map) => {
  const table = colourTable(map)
  const lightness = Array.from({ length: 256 }, (_, i) => oklab([table[3 * i]! / 255, table[3 * i + 1]! / 255, table[3 * i + 2]! / 255])[0])

  it('grow lighter by equal steps', () => {
    const step = (lightness[255]! - lightness[0]!) / 255
    for (let i = 1; i < 256; i++) {
      // Bytes round: neighbours may be alike and a colour off by a part of a step, but a few steps are seen.
      expect(lightness[i]!).toBeGreaterThan(lightness[i - 1]! - 0.5 * step)
      if (i >= 4) expect(lightness[i]!).toBeGreaterThan(lightness[i - 4]!)
      expect(Math.abs(lightness[i]! - lightness[0]! - i * step)).toBeLessThan(2.5 * step)
    }
  })

  it('span from dark to light, so that they are told apart without hue', () => {
    expect(lightness[0]).toBeLessThan(0.3)
    expect(lightness[255]).toBeGreaterThan(0.85)
  })
})

it('gain and range move the colours over the codes of a tile', () => {
  const table = colourTable('grey')
  const red = (pixel: number): number => pixel & 255
  const plain = codeColours('grey', { gain: 0, dynamicRange: 60 }, -120, 0.5)
  expect(red(plain[120]!)).toBe(table[0]) // −60 dB
  expect(red(plain[240]!)).toBe(table[3 * 255]) // 0 dB
  const louder = codeColours('grey', { gain: 20, dynamicRange: 60 }, -120, 0.5)
  expect(red(louder[200]!)).toBe(table[3 * 255]) // −20 dB
  expect(red(louder[80]!)).toBe(table[0]) // −80 dB
  expect(plain[7]! >>> 24).toBe(255)
})

describe('the tiles of a view', () => {
  const stft = { hop: 64 }
  const frames = 2_000_000

  it('have at least one column for every pixel and fewer than two', () => {
    for (const samples of [64, 100, 127, 128, 500, 900]) {
      const hop = columnHop(stft, levelFor(stft, frames, samples))
      expect(hop).toBeLessThanOrEqual(samples)
      expect(2 * hop).toBeGreaterThan(samples)
    }
    expect(levelFor(stft, frames, 3)).toBe(0)
    expect(levelFor(stft, frames, 1e9)).toBe(tileLevels(stft, frames) - 1)
  })

  it('meet without a gap, and cover the recording', () => {
    const tiles = tilesIn(stft, frames, 2, 0, frames)
    expect(tiles[0]!.start).toBeLessThanOrEqual(0)
    expect(tiles.at(-1)!.end).toBeGreaterThanOrEqual(frames - 256)
    for (let i = 1; i < tiles.length; i++) expect(tiles[i]!.start).toBe(tiles[i - 1]!.end)
    expect(tilesIn(stft, frames, tileLevels(stft, frames) - 1, 0, frames)).toHaveLength(1)
  })

  it('show a sample in the column around it, at every level', () => {
    const click = 1_234_567
    for (let level = 0; level < tileLevels(stft, frames); level++) {
      const hop = columnHop(stft, level)
      const [tile] = tilesIn(stft, frames, level, click, click)
      const column = Math.floor((click - tile!.start) / hop)
      const centre = (tile!.tile * TILE_COLUMNS + column) * hop
      expect(Math.abs(centre - click)).toBeLessThanOrEqual(hop / 2)
      expect(placeTile(stft, frames, level, tile!.tile)).toEqual(tile)
    }
  })
})

describe('the rows of a picture', () => {
  const axis = { scale: 'linear', low: 0, high: 4000 } as const

  it('show the bin of their frequency', () => {
    // Bin 10 of 0…64 is at 625 Hz: in 640 rows of 6.25 Hz it is 100 rows above the bottom.
    const bytes = new Uint8Array(65)
    bytes[10] = 200
    const pixels = new Uint32Array(640)
    paintTile(bytes, 1, 65, rowMap(axis, 640, 65, 4000), Uint32Array.from({ length: 256 }, (_, i) => i), pixels)
    const brightest = pixels.indexOf(Math.max(...pixels))
    expect(Math.abs(640 - brightest - 100)).toBeLessThanOrEqual(1)
    expect(pixels[640 - 105]).toBeLessThan(200)
    expect(pixels[640 - 112]).toBe(0)
  })

  it('show the loudest where several bins share a row', () => {
    const bytes = new Uint8Array(1025)
    bytes[777] = 99
    const pixels = new Uint32Array(50)
    paintTile(bytes, 1, 1025, rowMap(axis, 50, 1025, 4000), Uint32Array.from({ length: 256 }, (_, i) => i), pixels)
    expect(Math.max(...pixels)).toBe(99)
    const row = pixels.indexOf(99)
    expect(Math.abs(50 * (1 - 777 / 1024) - row)).toBeLessThanOrEqual(1)
  })
})

describe('the columns of a waveform', () => {
  const source = (bucket: number, values: readonly (readonly [number, number] | null)[]): PairSource => ({
    bucket,
    extremes(first, last, into) {
      const part = values.slice(first, last)
      if (part.some((v) => v === null || v === undefined)) return false
      into.low = Math.min(...part.map((v) => v![0]))
      into.high = Math.max(...part.map((v) => v![1]))
      return true
    },
  })

  it('take every pair that they touch', () => {
    const { low, high, whole } = waveColumns(0, 40, 4, [source(10, [[0, 0.1], [-0.5, 0.2], [0, 0.9], [-1, 0]])])
    expect([...low]).toEqual([0, -0.5, 0, -1])
    expect([...high].map((v) => v.toFixed(1))).toEqual(['0.1', '0.2', '0.9', '0.0'])
    expect(whole).toBe(true)
  })

  it('fall back on coarser pairs, and say so', () => {
    const columns = waveColumns(0, 40, 4, [source(10, [[0, 0.1], null, [0, 0.9], null]), source(20, [[-0.25, 0.25], [-1, 1]])])
    expect(columns.whole).toBe(false)
    expect([...columns.low]).toEqual([0, -0.25, 0, -1])
  })
})

it('the sections of the band filter are those of Butterworth\'s polynomials', () => {
  // Order 2: 1/√2; order 4: 0.5412 and 1.3066 (tables of Butterworth filters).
  expect(butterworthQualities(2).map((q) => 10 ** (q / 20))).toEqual([expect.closeTo(Math.SQRT1_2, 9)])
  expect(butterworthQualities(4).map((q) => 10 ** (q / 20))).toEqual([expect.closeTo(0.5412, 4), expect.closeTo(1.3066, 4)])
})
