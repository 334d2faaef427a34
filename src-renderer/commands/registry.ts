import { computed, onScopeDispose, reactive, shallowReactive, type Component, type ComputedRef } from 'vue'
import { chordOf } from './keys.ts'
import { keysOf, readBindings, rebind, type Bindings } from './bindings.ts'

/** Each has the title `commandGroup.<group>`; the shortcut sheet shows those that have commands now, in this order. */
export const COMMAND_GROUPS = ['regions', 'editor', 'review', 'inspect', 'record', 'clips', 'train', 'compare', 'library', 'general'] as const
export type CommandGroup = (typeof COMMAND_GROUPS)[number]

export interface Command {
  /** Stable: what a person's own keys are stored under, e.g. `clip.play`. Its text is `command.<id>` in the locales. */
  readonly id: string
  readonly group: CommandGroup
  readonly keys: readonly string[]
  readonly icon?: Component
  /** False where it makes no sense now: not in the palette, and its key does nothing. */
  readonly enabled?: () => boolean
  readonly run: () => void
  /** Also while a person types in a field. */
  readonly inFields?: boolean
}

export interface CommandRegistry {
  readonly commands: ComputedRef<readonly Command[]>
  keys(command: Command): readonly string[]
  run(id: string): boolean
  rebind(id: string, chord: string): void
  resetKeys(): void
  /** Commands for as long as the calling component lives. */
  provide(commands: readonly Command[]): void
  /** Keys that are not commands (label keys), asked when no command has the chord. True: it was one. */
  fallback(handler: (chord: string, event: KeyboardEvent) => boolean): void
  handle(event: KeyboardEvent): void
}

const STORED = 'espectro.keys'
export const isMac = navigator.platform.startsWith('Mac')

function createRegistry(): CommandRegistry {
  const present = shallowReactive(new Set<Command>())
  const fallbacks = new Set<(chord: string, event: KeyboardEvent) => boolean>()
  const state = reactive<{ chosen: Bindings }>({ chosen: readBindings(localStorage.getItem(STORED)) })
  const store = (): void => localStorage.setItem(STORED, JSON.stringify(state.chosen))
  const commands = computed(() => [...present])

  return {
    commands,
    keys: (command) => keysOf(command, state.chosen),
    run(id) {
      const command = commands.value.find((c) => c.id === id)
      if (!command || command.enabled?.() === false) return false
      command.run()
      return true
    },
    rebind(id, chord) {
      state.chosen = rebind(commands.value, state.chosen, id, chord)
      store()
    },
    resetKeys() {
      state.chosen = {}
      store()
    },
    provide(some) {
      for (const command of some) present.add(command)
      onScopeDispose(() => {
        for (const command of some) present.delete(command)
      })
    },
    fallback(handler) {
      fallbacks.add(handler)
      onScopeDispose(() => fallbacks.delete(handler))
    },
    handle(event) {
      if (event.defaultPrevented || event.isComposing) return
      const chord = chordOf(event, isMac)
      if (chord === null) return
      const typing = isField(event.target)
      // An open dialog has the keyboard to itself.
      if (document.querySelector('[role="dialog"][data-state="open"], [role="menu"][data-state="open"]')) return
      // What came last is nearest to what the person sees: a view's own command goes before a general one.
      const meant = commands.value.filter((c) => keysOf(c, state.chosen).includes(chord) && (!typing || c.inFields === true))
      const command = meant.findLast((c) => c.enabled?.() !== false) ?? meant[0]
      if (command) {
        if (command.enabled?.() === false) return
        event.preventDefault()
        command.run()
        return
      }
      if (typing) return
      for (const handler of fallbacks) {
        if (!handler(chord, event)) continue
        event.preventDefault()
        return
      }
    },
  }
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

let registry: CommandRegistry | undefined
export const useCommands = (): CommandRegistry => (registry ??= createRegistry())
