/** A command's keys: its own ones unless the person chose others. Pure, so that it is easy to trust. */
export type Bindings = Readonly<Record<string, readonly string[]>>

export function keysOf(command: { readonly id: string; readonly keys: readonly string[] }, chosen: Bindings): readonly string[] {
  return chosen[command.id] ?? command.keys
}

/** Gives a chord to a command. A chord means one thing: whoever had it loses it. */
export function rebind(
  commands: readonly { readonly id: string; readonly keys: readonly string[] }[],
  chosen: Bindings,
  id: string,
  chord: string,
): Bindings {
  const next: Record<string, readonly string[]> = { ...chosen }
  for (const command of commands) {
    const keys = keysOf(command, next)
    if (command.id !== id && keys.includes(chord)) next[command.id] = keys.filter((key) => key !== chord)
  }
  next[id] = [chord]
  return next
}

/** What was stored, as far as it still makes sense. */
export function readBindings(text: string | null): Bindings {
  try {
    const stored: unknown = JSON.parse(text ?? '{}')
    if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return {}
    const sound = Object.entries(stored).filter(
      ([, keys]) => Array.isArray(keys) && keys.length <= 4 && keys.every((key) => typeof key === 'string' && key.length <= 40),
    )
    return Object.fromEntries(sound) as Bindings
  } catch {
    return {}
  }
}
