/**
 * Named places where tests let the process die or the disk fail: `ESPECTRO_FAIL_POINT=name` kills the
 * process with SIGKILL when `failPoint('name')` is reached, `name:3` at the third time, and
 * `name:3:ENOSPC` throws that system error instead. Without the variable this costs one comparison.
 */
const wanted = process.env['ESPECTRO_FAIL_POINT']
const counts = new Map<string, number>()

export function failPoint(name: string): void {
  if (wanted === undefined) return
  const [wantedName, at = '1', errno] = wanted.split(':')
  if (name !== wantedName && wantedName !== '*') return
  const count = (counts.get(wantedName) ?? 0) + 1
  counts.set(wantedName, count)
  if (count !== Number(at)) return
  if (errno === undefined) process.kill(process.pid, 'SIGKILL')
  else throw Object.assign(new Error(`${errno}: injected at ${name}`), { code: errno })
}
