import {
  columnHop, columnsOf, PEAK_BLOCK, STFT_WINDOWS, TILE_COLUMNS, TILE_FLOOR, TILE_STEP, tileLevels, windowsOf, type Stft,
} from '../../src-contract/index.ts'
import { bytesResponse } from './byte-range.ts'
import { answerWith, failed, problem } from './media-answers.ts'
import { pictureSource } from './picture-source.ts'
import type { Services } from './services.ts'

const BYTES = 'application/octet-stream'
/** A transform longer than this shows nothing more, and would cost memory. */
const LONGEST = 16_384

/** One block of one level of a waveform's peaks; see `peakBlockUrl`. */
export async function servePeakBlock(request: Request, services: Services, [recording = '', level = '', block = '']: readonly string[]): Promise<Response> {
  const source = pictureSource(services, recording)
  if (!source.ok) return failed(source.error)
  const found = await services.pictures.peaks.pairs(source.value, Number(level), Number(block) * PEAK_BLOCK, PEAK_BLOCK)
  return answerWith(found, (peaks) => {
    if (!peaks) return problem(404, 'The recording has no such place.')
    const { pairs, whole } = peaks
    const bytes = new Uint8Array(pairs.slice().buffer)
    if (whole) return bytesResponse(request, bytes, BYTES)
    return new Response(request.method === 'HEAD' ? null : bytes, { headers: { 'content-type': BYTES, 'cache-control': 'no-store' } })
  })
}

/** One tile of a spectrogram; see `spectrogramTileUrl`. */
export async function serveTile(request: Request, services: Services, [recording = '', settings = '', levelText = '', tileText = '']: readonly string[]): Promise<Response> {
  const stft = parseStft(settings)
  if (!stft) return problem(400, 'These are not the settings of a spectrogram.')
  const source = pictureSource(services, recording)
  if (!source.ok) return failed(source.error)
  const [level, tile] = [Number(levelText), Number(tileText)]
  const first = tile * TILE_COLUMNS
  const { frames } = source.value
  if (level >= tileLevels(stft, frames) || first >= columnsOf(stft, level, frames)) return problem(404, 'The recording has no such place.')
  const windows = windowsOf(level)
  const plan = { first, columns: Math.min(TILE_COLUMNS, columnsOf(stft, level, frames) - first), hop: columnHop(stft, level), windows, size: stft.size }
  const graph = { window: stft.window, size: stft.size, fftSize: stft.fftSize, windows, floor: TILE_FLOOR, step: TILE_STEP }
  const made = await services.pictures.tiles.tile(source.value, graph, plan, request.signal)
  return answerWith(made, (bytes) => bytesResponse(request, bytes, BYTES))
}

function parseStft(text: string): Stft | null {
  const [name, ...numbers] = text.split('-')
  const window = STFT_WINDOWS.find((known) => known === name)
  const [size, hop, fftSize] = numbers.map(Number)
  if (!window || !size || !hop || !fftSize || ![size, hop, fftSize].every((n) => Number.isInteger(Math.log2(n)))) return null
  return size >= 16 && hop >= 2 && hop <= size && size <= fftSize && fftSize <= LONGEST ? { window, size, hop, fftSize } : null
}
