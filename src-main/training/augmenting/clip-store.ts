/**
 * The samples of the training clips in one file of the run's folder, for the threads that vary them: memory holds a
 * few clips at a time however many there are (the system keeps in memory what it has room for). Float32 as the
 * decoder gave them, one clip after another. The file is deleted when the training ends.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { KeptClip } from '../../augment/index.ts'
import { assert, toAppError } from '../../kit/index.ts'

/** Plain, so that it can be handed to a thread. */
export interface ClipStore {
  readonly path: string
  /** Of each clip: its first sample in the file, how many there are, and where the window starts. */
  readonly start: Float64Array
  readonly length: Uint32Array
  readonly window: Int32Array
}

/** Writes the clips as they come; rejects with an AppError where the disk refuses. */
export async function writeClipStore(path: string, count: number, clips: AsyncIterable<KeptClip>): Promise<ClipStore> {
  const store = { path, start: new Float64Array(count), length: new Uint32Array(count), window: new Int32Array(count) }
  let [index, at] = [0, 0]
  try {
    await using file = await open(path, 'w')
    for await (const { samples, window } of clips) {
      await file.writeFile(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
      store.start[index] = at
      store.length[index] = samples.length
      store.window[index] = window
      at += samples.length
      index++
    }
  } catch (cause) {
    throw toAppError(cause, 'keeping the training clips for augmentation', path)
  }
  assert(index === count, `${index} clips where ${count} were promised`)
  return store
}

export interface ClipReader extends Disposable {
  readonly read: (clip: number) => KeptClip
}

export function openClipStore(store: ClipStore): ClipReader {
  const file = openSync(store.path, 'r')
  return {
    read(clip) {
      const samples = new Float32Array(store.length[clip]!)
      const bytes = new Uint8Array(samples.buffer)
      const from = store.start[clip]! * Float32Array.BYTES_PER_ELEMENT
      for (let done = 0; done < bytes.length; ) {
        const read = readSync(file, bytes, done, bytes.length - done, from + done)
        assert(read > 0, `${store.path} ends too early`)
        done += read
      }
      return { samples, window: store.window[clip]! }
    },
    [Symbol.dispose]: () => closeSync(file),
  }
}
