import { buffer } from 'node:stream/consumers'
import { fromBuffer, type ZipFile } from 'yauzl'

/** The files of a ZIP by their paths. */
export async function unzip(bytes: Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
  const zip = await new Promise<ZipFile>((resolve, reject) => fromBuffer(Buffer.from(bytes), { lazyEntries: true }, (problem, file) => (problem ? reject(problem) : resolve(file!))))
  const files = new Map<string, Buffer>()
  return await new Promise((resolve, reject) => {
    zip.on('error', reject)
    zip.on('end', () => resolve(files))
    zip.on('entry', (entry: { fileName: string }) =>
      zip.openReadStream(entry as never, (problem, stream) => {
        if (problem) return reject(problem)
        void buffer(stream!).then((content) => {
          files.set(entry.fileName, content)
          zip.readEntry()
        }, reject)
      }),
    )
    zip.readEntry()
  })
}
