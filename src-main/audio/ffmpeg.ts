import { spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { AppError } from '../kit/index.ts'
import { type ByteSource, memorySource } from './byte-source.ts'
import { corrupt, MAX_SAMPLES, unsupported } from './faults.ts'
import type { Pcm } from './pcm.ts'
import { readPcm } from './pcm-layout.ts'
import { readWavHeader } from './wav.ts'

/** The `ffmpeg` on the PATH, or undefined. */
export function findFfmpeg(): string | undefined {
  const names = process.platform === 'win32' ? ['ffmpeg.exe'] : ['ffmpeg']
  for (const folder of (process.env['PATH'] ?? '').split(delimiter))
    for (const name of folder === '' ? [] : names) {
      const path = join(folder, name)
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // Not in this folder.
      }
    }
  return undefined
}

/** Throws the error that tells both ways out, where no ffmpeg is installed. `what` names the sound: "M4A (AAC)". */
export function requireFfmpeg(what: string): string {
  const ffmpeg = findFfmpeg()
  if (ffmpeg !== undefined) return ffmpeg
  throw new AppError('AUDIO_NEEDS_FFMPEG', `${what} cannot be decoded without ffmpeg, and there is none on the PATH`, {
    hint: 'Install ffmpeg (any recent version) and try again, import it in the studio, whose browser can decode it, or convert it to WAV or FLAC.',
  })
}

/**
 * Decodes by the user's own ffmpeg: patents and licences keep an AAC decoder out of this package. It gets
 * the demuxer by name and may open nothing but the file, so a file that pretends to be a playlist leads nowhere.
 */
export async function decodeWithFfmpeg(source: ByteSource, demuxer: 'mov' | 'aac' | 'matroska', what: string): Promise<Pcm> {
  const ffmpeg = requireFfmpeg(what)
  if (source.path !== undefined) return await run(ffmpeg, demuxer, source.path)
  const folder = mkdtempSync(join(tmpdir(), 'espectro-'))
  try {
    const path = join(folder, 'sound')
    writeFileSync(path, source.read(0, source.size))
    return await run(ffmpeg, demuxer, path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(ffmpeg: string, demuxer: string, path: string): Promise<Pcm> {
  const input = ['-protocol_whitelist', 'file', '-f', demuxer, '-i', `file:${resolve(path)}`]
  const output = ['-map', '0:a:0', '-vn', '-f', 'wav', '-c:a', 'pcm_f32le', 'pipe:1']
  const child = spawn(ffmpeg, ['-v', 'error', '-nostdin', ...input, ...output], { stdio: ['ignore', 'pipe', 'pipe'] })
  const pieces: Buffer[] = []
  let size = 0
  let complaint = ''
  child.stdout.on('data', (piece: Buffer) => {
    size += piece.length
    if (size > 4 * MAX_SAMPLES) child.kill('SIGKILL')
    else pieces.push(piece)
  })
  child.stderr.on('data', (text: Buffer) => (complaint = (complaint + text.toString()).slice(-2000)))
  const { promise, resolve: settle, reject } = Promise.withResolvers<number | null>()
  child.on('error', reject)
  child.on('close', settle)
  const code = await promise
  if (size > 4 * MAX_SAMPLES) throw unsupported('The sound is too long to decode in one piece', 'Split it into shorter files.')
  if (code !== 0 || size === 0) {
    const last = complaint.trim().split('\n').at(-1) ?? ''
    throw corrupt(`ffmpeg could not decode the file${last === '' ? '' : `: ${last.replace(/^\[[^\]]*\]\s*/, '')}`}`)
  }
  const wav = memorySource(Buffer.concat(pieces))
  return readPcm(wav, readWavHeader(wav))
}
