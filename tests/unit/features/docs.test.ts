/** What docs/FRONT-ENDS.md shows is what the sources do. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { AUGMENT_POLICIES, loadPolicy } from '../../../src-main/augment/index.ts'
import { frontEndShape, FRONT_ENDS, loadFrontEnd } from '../../../src-main/features/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'FRONT-ENDS.md'), 'utf8')
const [settings, policy] = [...page.matchAll(/```json\n([^]*?)```/g)].map((m) => m[1]!) as [string, string]

it('the settings shown are the defaults', () => {
  expect(unwrap(loadFrontEnd(settings))).toEqual(unwrap(loadFrontEnd('{"version":1,"kind":"logmel"}')))
})

it('the policy shown is specaugment', () => {
  expect(unwrap(loadPolicy(policy))).toEqual(AUGMENT_POLICIES.specaugment)
})

it('the table has every named front end with its shape', () => {
  for (const [name, config] of Object.entries(FRONT_ENDS)) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\``))
    expect(row, name).toContain(`| ${frontEndShape(config).join(' × ')} |`)
  }
})
