/** Names that Windows keeps for devices, with any extension. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
/** UTF-16 units of one part; every file system takes 255 bytes. */
const LONGEST = 80

/**
 * A relative path that some other machine names, as one that every file system takes and that stays where it is
 * put: forward slashes, no `..`, no signs or device names that Windows refuses. null where nothing is left.
 */
export function safeRelativeName(name: string): string | null {
  const parts = name.normalize('NFC').split('/').map(safePart).filter((part) => part !== '')
  return parts.length === 0 ? null : parts.join('/')
}

function safePart(part: string): string {
  const plain = part.replace(/[\\:*?"<>|\p{Cc}\p{Cs}]/gu, '_').replace(/[. ]+$/, '').trimStart()
  const named = DEVICES.test(plain) ? `_${plain}` : plain
  if (named.length <= LONGEST) return named
  const extension = /\.[^.]{1,8}$/.exec(named)?.[0] ?? ''
  return named.slice(0, LONGEST - extension.length) + extension
}

/** Each name with a number where it was there before (upper and lower case are alike): `a.wav`, `a (2).wav`. */
export function createUniqueNames(): (name: string) => string {
  const taken = new Set<string>()
  return (name) => {
    const [, stem = name, extension = ''] = /^(.*?)(\.[^./]*)?$/s.exec(name) ?? []
    let unique = name
    for (let i = 2; taken.has(unique.toLowerCase()); i++) unique = `${stem} (${i})${extension}`
    taken.add(unique.toLowerCase())
    return unique
  }
}
