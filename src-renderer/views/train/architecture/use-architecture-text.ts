import { useI18n } from 'vue-i18n'
import type { LayerField, LayerType } from '@contract'
import type { Layer } from './tree.ts'

interface Told {
  readonly code: string
  readonly values: Readonly<Record<string, string | number>>
}

/** What layers, their settings and their problems are called, in the person's language. */
export function useArchitectureText() {
  const { t, te } = useI18n()
  const field = (name: string): string => (te(`architecture.field.${name}`) ? t(`architecture.field.${name}`) : name)

  const small = (name: string): string => field(name).replace(/^./u, (first) => first.toLocaleLowerCase())

  /** What a setting may be. */
  function allowed(f: LayerField): string {
    if (f.kind === 'number' && !f.integer) return t('architecture.allowed.number', { min: f.min, max: f.max ?? '∞' })
    if (f.kind === 'number' || f.kind === 'pair' || f.kind === 'units' || f.kind === 'padding') return t('architecture.allowed.whole', { min: f.min, max: f.max ?? '∞' })
    return t('architecture.allowed.other')
  }
  function problem({ code, values }: Told, type?: LayerType): string {
    const setting = String(values['setting'] ?? '')
    if (code === 'SETTING' && setting === 'name') return t('architecture.problem.LAYER_NAME')
    const known = code === 'SETTING' ? type?.fields.find((f) => f.name === setting) : undefined
    if (code === 'SETTING') return t('architecture.problem.SETTING', { setting: field(setting), allowed: known ? allowed(known) : t('architecture.allowed.other') })
    if (code === 'EMPTY_LIST') return t('architecture.problem.EMPTY_LIST', { list: t(`architecture.list.${setting}`) })
    return te(`architecture.problem.${code}`) ? t(`architecture.problem.${code}`, values) : code
  }
  /** The settings that say most: `16 · 5×5 · stride 2`. */
  function summary(layer: Layer, type: LayerType | undefined): string {
    if (!type) return ''
    return type.fields
      .flatMap((f) => {
        const value = layer[f.name]
        if (value === undefined || f.kind === 'layers' || f.kind === 'connections' || f.kind === 'initialiser' || value === f.usual) return []
        if (f.kind === 'flag') return value === true ? [small(f.name)] : [t('architecture.without', { what: small(f.name) })]
        if (value === 'classes') return [t('architecture.classes')]
        const text = Array.isArray(value) ? value.join(f.kind === 'pair' ? '×' : ' ') : f.kind === 'pair' ? `${String(value)}×${String(value)}` : f.kind === 'choice' ? choice(f.name, String(value)) : String(value)
        return f.required ? [text] : [`${small(f.name)} ${text}`]
      })
      .join(' · ')
  }
  const choice = (name: string, value: string): string => (te(`architecture.choice.${name}.${value}`) ? t(`architecture.choice.${name}.${value}`) : value)
  return { field, allowed, problem, summary, choice, type: (name: string): string => (te(`architecture.type.${name}`) ? t(`architecture.type.${name}`) : name) }
}
