import type { LocalFile } from './upload.ts'

/** What was dropped, folders walked; hidden files are left out. Must be called before the event is over. */
export async function droppedFiles(transfer: DataTransfer): Promise<LocalFile[]> {
  // The list empties when the event ends: entries are taken at once, and read later.
  const items = [...transfer.items].filter((item) => item.kind === 'file').map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const found: LocalFile[] = []
  for (const { entry, file } of items) {
    if (entry) await collect(entry, '', found)
    // What another page made has no place on a disk.
    else if (file && !isHidden(file.name)) found.push({ name: file.name, file })
  }
  return found
}

/** What a field of files holds; a chosen folder's files carry their paths. */
export const chosenFiles = (list: FileList | null): LocalFile[] =>
  [...(list ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file })).filter(({ name }) => !isHidden(name))

async function collect(entry: FileSystemEntry, above: string, found: LocalFile[]): Promise<void> {
  if (isHidden(entry.name)) return
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    found.push({ name: above + entry.name, file })
  } else if (isFolder(entry)) {
    const reader = entry.createReader()
    for (;;) {
      // A reader gives a hundred at a time, then none.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
      if (some.length === 0) break
      for (const child of some) await collect(child, `${above}${entry.name}/`, found)
    }
  }
}

const isHidden = (name: string): boolean => name.split('/').some((part) => part.startsWith('.'))
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
