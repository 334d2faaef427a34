import { expect, it } from 'vitest'
import { added, EVERYTHING, isSelected, NOTHING, only, selectedCount, toggled } from '../../../src-renderer/stores/selection.ts'

it('selects some', () => {
  const two = toggled(toggled(NOTHING, 3), 5)
  expect([selectedCount(two, 100), isSelected(two, 3), isSelected(two, 4)]).toEqual([2, true, false])
  expect(selectedCount(toggled(two, 3), 100)).toBe(1)
  expect(selectedCount(added(only([1, 2]), [2, 3]), 100)).toBe(3)
  expect(selectedCount(NOTHING, 100)).toBe(0)
})

it('selects everything but some', () => {
  const most = toggled(EVERYTHING, 7)
  expect([selectedCount(most, 100), isSelected(most, 7), isSelected(most, 8)]).toEqual([99, false, true])
  expect(selectedCount(toggled(most, 7), 100)).toBe(100)
  expect(selectedCount(added(most, [7]), 100)).toBe(100)
  expect(selectedCount(EVERYTHING, 0)).toBe(0)
})
