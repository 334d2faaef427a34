/** What a key press is called: `Mod+K`, `Shift+ArrowDown`, `Space`, `?`. `Mod` is ⌘ on a Mac, Ctrl elsewhere. */
export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

const ALONE = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process', 'Unidentified'])

/** The chord's name; null for a modifier alone. A sign that needs Shift on some keyboard (`?`) is named without it. */
export function chordOf(press: KeyPress, mac: boolean): string | null {
  if (ALONE.has(press.key)) return null
  const mod = mac ? press.metaKey : press.ctrlKey
  const other = mac ? press.ctrlKey : press.metaKey
  const key = press.key === ' ' ? 'Space' : press.key.length === 1 ? press.key.toUpperCase() : press.key
  const shows = press.key.length === 1 && !/\p{L}/u.test(press.key) && press.key !== ' '
  const parts = [mod && 'Mod', other && (mac ? 'Ctrl' : 'Meta'), press.altKey && 'Alt', press.shiftKey && !shows && 'Shift', key]
  return parts.filter((part) => part !== false).join('+')
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→',
  Escape: 'Esc', Delete: 'Del', Backspace: '⌫', Enter: '↵', PageUp: 'PgUp', PageDown: 'PgDn',
}

/** The caps to draw for a chord. */
export function chordCaps(chord: string, mac: boolean): string[] {
  const parts = chord === '+' ? ['+'] : chord.endsWith('++') ? [...chord.slice(0, -2).split('+'), '+'] : chord.split('+')
  return parts.map((part) => {
    if (part === 'Mod') return mac ? '⌘' : 'Ctrl'
    if (part === 'Shift') return mac ? '⇧' : 'Shift'
    if (part === 'Alt') return mac ? '⌥' : 'Alt'
    return NAMES[part] ?? part
  })
}
