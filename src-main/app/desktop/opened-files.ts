import { basename, dirname, isAbsolute, resolve } from 'node:path'

/** A file that the system asked us to open, by its place and name: the page never learns a path. */
export interface OpenedFile {
  readonly place: string
  readonly name: string
}

const OURS = /\.(espectro|onnx)$/i

/**
 * The files of our kinds among the arguments of a start. The program itself and switches are no files; relative
 * paths are of the folder that the start came from.
 */
export const filesOf = (argv: readonly string[], folder: string): string[] =>
  argv.slice(1).filter((argument) => !argument.startsWith('-') && OURS.test(argument)).map((path) => (isAbsolute(path) ? path : resolve(folder, path)))

/** Keeps what came before the page was ready, and hands everything over as places and names. */
export function createOpenedFiles(admit: (folder: string) => Promise<string | null>, send: (file: OpenedFile) => boolean) {
  const waiting: OpenedFile[] = []
  return {
    async add(path: string): Promise<void> {
      const place = await admit(dirname(path))
      if (place === null) return
      const file = { place, name: basename(path) }
      if (!send(file)) waiting.push(file)
    },
    /** The page listens now. */
    flush(): void {
      for (const file of waiting.splice(0)) if (!send(file)) waiting.push(file)
    },
  }
}
