import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startServer, type Server } from '../../src-main/app/served/server.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { CONTENT_SECURITY_POLICY, createSocketTransport } from '../../src-main/rpc/index.ts'
import { testStudio, type TestStudio } from '../support/studio.ts'

let test: TestStudio
let server: Server
let cookie = ''
const fresh: string[] = []

interface Got {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

/** A request by hand: fetch would tidy the path and set Host itself. */
async function get(path: string, headers: Record<string, string | undefined> = {}, method = 'GET'): Promise<Got> {
  const [, port] = server.place.host.split(':')
  const sent = { host: server.place.host, cookie, ...headers }
  const asked = request({
    host: '127.0.0.1', port, path, method, setHost: false,
    headers: Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)),
  })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
  let body = ''
  for await (const chunk of answer) body += String(chunk)
  return { status: answer.statusCode ?? 0, headers: answer.headers, body }
}

/** Bytes as they are, for what Node's client refuses to send. */
async function send(bytes: string): Promise<string> {
  const socket = connectTcp(Number(server.place.host.split(':')[1]), '127.0.0.1')
  socket.write(bytes)
  let answer = ''
  socket.on('data', (data) => (answer += String(data)))
  await once(socket, 'close')
  return answer
}

async function opens(socket: WebSocket): Promise<boolean> {
  const open = await new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
  socket.terminate()
  return open
}

beforeAll(async () => {
  test = testStudio()
  const { studio } = test
  server = unwrap(await startServer({
    address: '127.0.0.1', port: 0, answer: studio.answer,
    sockets: createSocketTransport(studio.calls, studio.services), onUsedAddress: (address) => fresh.push(address),
  }))
  writeFileSync(join(test.folder, 'secret.js'), 'secret')
  writeFileSync(join(test.folder, 'page', '.hidden.js'), 'secret')
  mkdirSync(join(test.folder, 'page-beside'))
  writeFileSync(join(test.folder, 'page-beside', 'secret.js'), 'secret')
  symlinkSync(join(test.folder, 'secret.js'), join(test.page, 'assets', 'link.js'))
  symlinkSync(test.folder, join(test.page, 'assets', 'out'))
  symlinkSync(join(test.page, 'assets', 'app-1a2b.js'), join(test.page, 'assets', 'inside.js'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await test[Symbol.asyncDispose]()
  expect(test.bugs).toEqual([])
})

describe('the token', () => {
  it('opens once and becomes a cookie that no script can read', async () => {
    const address = new URL(server.address())
    expect(Buffer.from(address.searchParams.get('token')!, 'base64url')).toHaveLength(32)
    const first = await get(address.pathname + address.search, { cookie: undefined })
    expect(first).toMatchObject({ status: 303, headers: { location: '/', 'cache-control': 'no-store' } })
    const [setCookie] = first.headers['set-cookie'] as string[]
    expect(setCookie).toMatch(/^espectro-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(setCookie).not.toContain(address.searchParams.get('token'))
    cookie = setCookie!.split(';')[0]!
    const again = await get(address.pathname + address.search, { cookie: undefined })
    expect(again.status).toBe(401)
    expect(again.headers['set-cookie']).toBeUndefined()
    // The person is told another address; who has the cookie already just goes in.
    expect(fresh).toEqual([server.address()])
    expect((await get(address.pathname + address.search)).status).toBe(303)
    expect((await get('/')).status).toBe(200)
  })

  it.each([['none', undefined], ['empty', ''], ['wrong', 'espectro=x'], ['right value, other name', 'other=VALUE'], ['sent twice', 'TWICE']])('a cookie that is %s opens nothing', async (_, given) => {
    const value = cookie.split('=')[1]!
    const sent = given?.replace('VALUE', value).replace('TWICE', `${cookie}; ${cookie}`)
    for (const path of ['/', '/assets/app-1a2b.js', '/media/x', '/nothing']) expect((await get(path, { cookie: sent })).status, path).toBe(401)
  })
})

describe('the matrix of host, origin and token', () => {
  it('opens exactly one cell to a WebSocket', async () => {
    const port = server.place.host.split(':')[1]!
    const hosts = [server.place.host, `localhost:${port}`, `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) - 1}`, `[::1]:${port}`, `127.0.0.1.evil.example:${port}`]
    const origins = [server.place.origin, `http://localhost:${port}`, 'http://evil.example', `https://127.0.0.1:${port}`, `${server.place.origin}.evil.example`, `http://127.0.0.1`, 'null', undefined]
    const cookies = [cookie, `${cookie.slice(0, -1)}_`, cookie.slice(0, -1), undefined]
    const opened: string[] = []
    for (const host of hosts)
      for (const origin of origins)
        for (const given of cookies) {
          const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, {
            headers: { host, ...(origin === undefined ? {} : { origin }), ...(given === undefined ? {} : { cookie: given }) },
          })
          if (await opens(socket)) opened.push(`${host} ${origin} ${given === cookie}`)
        }
    expect(opened).toEqual([`${server.place.host} ${server.place.origin} true`])
  })

  it('answers a GET only where Host is exact and Origin, if there is one, is ours', async () => {
    const port = server.place.host.split(':')[1]!
    for (const host of [`localhost:${port}`, 'evil.example', '127.0.0.1']) expect((await get('/', { host })).status, host).toBe(403)
    for (const origin of ['http://evil.example', 'null', `https://${server.place.host}`]) expect((await get('/', { origin })).status, origin).toBe(403)
    expect((await get('/', { origin: server.place.origin })).status).toBe(200)
    // A foreign name never learns whether its token would have been right.
    expect((await get(new URL(server.address()).search.replace('?', '/?'), { host: `evil.example:${port}`, cookie: undefined })).status).toBe(403)
  })

  it('refuses two Host headers, an absolute foreign address, and other methods', async () => {
    const head = (lines: string) => `GET / HTTP/1.1\r\n${lines}Cookie: ${cookie}\r\nConnection: close\r\n\r\n`
    expect(await send(head(`Host: ${server.place.host}\r\nHost: evil.example\r\n`))).toMatch(/^HTTP\/1.1 40[03]/)
    expect(await send(head(''))).toMatch(/^HTTP\/1.1 40[03]/)
    expect(await send(`GET http://evil.example/ HTTP/1.1\r\nHost: ${server.place.host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 40[04]/)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await get('/', {}, method)).status).toBe(405)
    expect((await get('/', {}, 'HEAD')).status).toBe(200)
  })

  it('takes a piece of an upload from our own page only, with the cookie, and nowhere else', async () => {
    const { upload } = unwrap(await test.studio.services.uploads.open([{ name: 'a.wav', bytes: 0 }]))
    const path = `/upload/${upload}?at=0`
    const own = { origin: server.place.origin, 'content-type': 'application/octet-stream' }
    expect((await get(path, own, 'PUT')).status).toBe(204)
    for (const origin of [undefined, 'null', 'http://evil.example', `https://${server.place.host}`]) expect((await get(path, { ...own, origin }, 'PUT')).status).toBe(403)
    expect((await get(path, { ...own, host: 'evil.example' }, 'PUT')).status).toBe(403)
    expect((await get(path, { ...own, cookie: undefined }, 'PUT')).status).toBe(401)
    // What a form of another site could send without asking first.
    for (const type of ['text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded', ''])
      expect((await get(path, { ...own, 'content-type': type }, 'PUT')).status).toBe(415)
    for (const elsewhere of ['/', '/media/x', '/uploads', '/rpc']) expect((await get(elsewhere, own, 'PUT')).status).toBe(405)
    expect((await get(path, own)).status).toBe(404)
    await test.studio.services.uploads.close(upload)
  })

  it('opens a WebSocket nowhere but at its one path', async () => {
    for (const path of ['/', '/rpc/', '/rpc?x', '/RPC', '/media/rpc']) {
      const socket = new WebSocket(`ws://${server.place.host}${path}`, { headers: { origin: server.place.origin, cookie } })
      expect(await opens(socket), path).toBe(false)
    }
  })
})

describe('static files', () => {
  it('serves what was built, and a link that stays inside', async () => {
    expect(await get('/')).toMatchObject({ status: 200, body: expect.stringContaining('<title>Espectro'), headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' } })
    expect(await get('/assets/app-1a2b.js')).toMatchObject({ status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': expect.stringContaining('immutable') } })
    expect((await get('/assets/inside.js')).status).toBe(200)
  })

  it.each([
    '/../secret.js', '/%2e%2e/secret.js', '/%2e%2e%2fsecret.js', '/..%2fsecret.js', '/..%5csecret.js', '/..\\secret.js', '/%252e%252e/secret.js', '/%252e%252e%252fsecret.js',
    '/assets/../../secret.js', '/assets/%2e%2e/%2e%2e/secret.js', '/assets/....//secret.js', '//secret.js', '/./../secret.js', '/index.html%00.js', '/%00', '/secret.js%00.html',
    '/assets/link.js', '/assets/out/secret.js', '/.hidden.js', '/../page-beside/secret.js', '/assets', '/assets/', '/%', '/%c0%ae%c0%ae/secret.js', '/%u002e%u002e/secret.js', '/C:/secret.js', '/~root', '/index.html/', '/index.html/x.js', '/;/secret.js',
  ])('%s leads nowhere', async (path) => {
    const { status, body } = await get(path)
    expect(body).not.toContain('secret')
    expect([400, 404]).toContain(status)
  })

  it('nor do raw bytes that no client would send', async () => {
    for (const path of ['/..\\..\\secret.js', '/\u0001', 'secret.js', '../secret.js', '/\u00ff'])
      expect(await send(`GET ${path} HTTP/1.1\r\nHost: ${server.place.host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`)).not.toMatch(/^HTTP\/1.1 200|secret'/)
  })
})

describe('headers', () => {
  it('every answer carries them, refusals too', async () => {
    for (const got of [await get('/'), await get('/nowhere'), await get('/', { cookie: undefined }), await get('/', { host: 'evil.example' }), await get('/media/x')]) {
      expect(got.headers).toMatchObject({
        'content-security-policy': CONTENT_SECURITY_POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin', 'x-frame-options': 'DENY',
      })
      expect(got.headers).not.toHaveProperty('access-control-allow-origin')
      expect(got.headers).not.toHaveProperty('x-powered-by')
    }
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|\*|https?:|eval/)
  })
})

describe('the address it binds', () => {
  it.each(['0.0.0.0', '::', ''])('never %j', async (address) => {
    const { studio } = test
    const started = await startServer({ address, port: 0, answer: studio.answer, sockets: createSocketTransport(studio.calls, studio.services) })
    expect(started).toMatchObject({ ok: false, error: { code: 'USAGE' } })
  })

  it('says that a port is taken', async () => {
    const { studio } = test
    const started = await startServer({ address: '127.0.0.1', port: Number(server.place.host.split(':')[1]), answer: studio.answer, sockets: createSocketTransport(studio.calls, studio.services) })
    expect(started).toMatchObject({ ok: false, error: { code: 'ALREADY_EXISTS', hint: expect.stringContaining('--port') } })
  })
})
