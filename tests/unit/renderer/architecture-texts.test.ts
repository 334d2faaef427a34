import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src-contract/index.ts'
import { FRONT_ENDS, parseFrontEnd } from '../../../src-main/features/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { activationNames, layerProblemCodes, layerTypeData } from '../../../src-main/nn/index.ts'
import { FRONT_END_SETTINGS, NEEDS_LOG } from '../../../src-renderer/views/train/front-end-settings.ts'
import { settingAt, writeSetting } from '../../../src-renderer/views/train/setting.ts'

type Tree = { readonly [key: string]: Tree | string }
const read = (area: string): Tree => JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'src-renderer', 'locales', 'en', `${area}.json`), 'utf8')) as Tree
const has = (tree: Tree, path: readonly string[]): boolean => typeof path.reduce<Tree | string | undefined>((at, key) => (typeof at === 'object' ? at[key] : undefined), tree) === 'string'

describe('the texts of the architecture editor', () => {
  const texts = read('architecture')
  const expectText = (...path: string[]) => expect(has(texts, ['architecture', ...path]), path.join('.')).toBe(true)

  it('name every layer type, setting, choice, group, problem and activation there is', () => {
    for (const { type, group, fields } of layerTypeData()) {
      expectText('type', type)
      expectText('about', type)
      expectText('group', group)
      for (const field of fields) {
        if (field.kind === 'layers') expectText('list', field.name)
        else expectText('field', field.name)
        if (field.kind === 'choice') for (const choice of field.choices) expectText('choice', field.name, choice)
      }
    }
    for (const code of [...layerProblemCodes, 'SETTING', 'LAST_SHAPE', 'EMPTY_LIST', 'NAME', 'TITLE', 'INPUT_FIXED', 'TOO_LARGE', 'NO_LAYER', 'OTHER']) expectText('problem', code)
    for (const name of activationNames) expectText('activations', name)
  })
})

describe('the form of a front end', () => {
  const settings = FRONT_END_SETTINGS.flatMap((g) => g.settings)
  const leavesOf = (value: JsonObject, above: string[] = []): string[] =>
    Object.entries(value).flatMap(([key, v]) => (typeof v === 'object' && v !== null && !Array.isArray(v) ? leavesOf(v as JsonObject, [...above, key]) : [[...above, key].join('.')]))

  it('has every setting of every front end but its kind', () => {
    const known = new Set(settings.map((s) => s.path.join('.')))
    for (const config of Object.values(FRONT_ENDS)) for (const leaf of leavesOf(JSON.parse(JSON.stringify(config)) as JsonObject)) if (leaf !== 'version' && leaf !== 'kind') expect(known.has(leaf), leaf).toBe(true)
  })

  it('offers choices and parts that the program takes, and names them', () => {
    const texts = read('train')
    for (const setting of settings) {
      const key = setting.path.join('-')
      expect(has(texts, ['train', 'frontEndField', key]), key).toBe(true)
      for (const [name, config] of Object.entries(FRONT_ENDS)) {
        const copy = JSON.parse(JSON.stringify(config)) as JsonObject
        if (settingAt(copy, setting.path) === undefined) continue
        if (setting.kind === 'choice') {
          for (const choice of setting.choices) {
            expect(has(texts, ['train', 'frontEndChoice', key, String(choice)]), `${key} ${String(choice)}`).toBe(true)
            // A range below the loudest is of dB only.
            if (key === 'log-unit' && settingAt(copy, ['log', 'topDb']) !== null) writeSetting(copy, ['log', 'topDb'], null)
            writeSetting(copy, setting.path, choice)
            expect(unwrap(parseFrontEnd(copy)), `${name} ${key} ${String(choice)}`).toBeDefined()
          }
        }
        if (setting.kind === 'part') {
          const needed = key === 'log' && NEEDS_LOG.has(String(copy['kind']))
          for (const part of needed ? [{ ...setting.initial }] : [null, { ...setting.initial }]) {
            writeSetting(copy, setting.path, part)
            expect(unwrap(parseFrontEnd(copy)), `${name} ${key}`).toBeDefined()
          }
        }
        if (setting.kind === 'number' && setting.free) {
          writeSetting(copy, setting.path, null)
          expect(unwrap(parseFrontEnd(copy)), `${name} ${key}`).toBeDefined()
        }
      }
    }
  })

  it('writes nothing where a path is not there', () => {
    const config: JsonObject = { kind: 'waveform', resize: null }
    writeSetting(config, ['mel', 'bands'], 3)
    writeSetting(config, ['resize', 'height'], 3)
    expect(config).toEqual({ kind: 'waveform', resize: null })
    expect(settingAt(config, ['resize', 'height'])).toBeUndefined()
  })
})
