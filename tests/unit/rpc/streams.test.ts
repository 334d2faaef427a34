import { describe, expect, it } from 'vitest'
import { createChanges } from '../../../src-main/rpc/changes.ts'
import { createLatestQueue } from '../../../src-main/rpc/event-queue.ts'

describe('changes', () => {
  it('tells a watcher the revision now, and later ones, missed ones as one', async () => {
    const changes = createChanges()
    changes.announce()
    const stop = new AbortController()
    const watch = changes.watch(stop.signal)
    expect((await watch.next()).value).toBe(1)
    const next = watch.next()
    changes.announce()
    changes.announce()
    expect((await next).value).toBe(3)
    const last = watch.next()
    stop.abort()
    expect((await last).done).toBe(true)
  })

  it('ends at once for a watcher that has left already', async () => {
    const stop = new AbortController()
    stop.abort()
    expect((await createChanges().watch(stop.signal).next()).done).toBe(true)
  })
})

describe('latest queue', () => {
  it('a slow reader gets the newest, and the end after it', async () => {
    const queue = createLatestQueue<number>()
    for (let i = 0; i < 5; i++) queue.push(i)
    const read = queue.read()
    expect((await read.next()).value).toBe(4)
    const waiting = read.next()
    queue.push(5)
    expect((await waiting).value).toBe(5)
    queue.push(6)
    queue.end()
    expect((await read.next()).value).toBe(6)
    expect((await read.next()).done).toBe(true)
  })
})
