import { describe, expect, it } from 'vitest'
import {
  AppError,
  canonicalJson,
  createScope,
  err,
  hashBytes,
  hashJson,
  isInside,
  joinInside,
  ok,
  toAppError,
  unwrap,
} from '../../../src-main/kit/index.ts'

describe('Result and AppError', () => {
  it('unwraps a value and throws an error', () => {
    expect(unwrap(ok(3))).toBe(3)
    expect(() => unwrap(err(new AppError('INVALID', 'no')))).toThrow('no')
  })

  it('survives a process boundary', () => {
    const error = new AppError('AUDIO_CORRUPT', 'The header is cut off', { file: 'a.wav', hint: 'Record it again.' })
    const copy = AppError.fromJSON(JSON.parse(JSON.stringify(error)))
    expect(copy).toMatchObject({ code: 'AUDIO_CORRUPT', message: 'The header is cut off', file: 'a.wav', hint: 'Record it again.' })
  })

  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['ENOENT', 'NOT_FOUND'],
    ['EACCES', 'PERMISSION'],
    ['EIO', 'IO'],
  ])('translates the system error %s to %s', (errno, code) => {
    expect(toAppError(Object.assign(new Error('x'), { code: errno }), 'writing', 'f').code).toBe(code)
  })
})

describe('hashes', () => {
  it('hashes bytes as SHA-256 does', () => {
    expect(hashBytes('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('does not depend on the order of keys or on undefined members', () => {
    expect(hashJson({ b: [1, { y: 2, x: 1 }], a: undefined })).toBe(hashJson({ b: [1, { x: 1, y: 2 }] }))
    expect(canonicalJson({ b: 1, a: 'é' })).toBe('{"a":"é","b":1}')
    expect(hashJson([1, 2])).not.toBe(hashJson([2, 1]))
  })

  it('refuses numbers that JSON would turn into null', () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow('NaN')
  })
})

describe('paths', () => {
  it.each(['../x', '..', 'a/../../x', '/etc/passwd', 'a\0b'])('refuses %j', (name) => {
    expect(() => joinInside('/lib', name)).toThrow(AppError)
  })

  it('accepts names inside, also ones that only look like a way out', () => {
    expect(joinInside('/lib', 'a/..b/c')).toBe('/lib/a/..b/c')
    expect(isInside('/lib', '/library')).toBe(false)
    expect(isInside('/lib', '/lib')).toBe(true)
  })
})

describe('scope', () => {
  it('releases last in first out, all of them, also when one fails', async () => {
    const order: number[] = []
    const scope = createScope()
    scope.defer(() => void order.push(1))
    scope.defer(() => Promise.reject(new Error('stuck')))
    scope.add({ [Symbol.dispose]: () => void order.push(3) })
    await expect(scope[Symbol.asyncDispose]()).rejects.toThrow('could not be released')
    expect(order).toEqual([3, 1])
    expect(scope.size).toBe(0)
  })
})
