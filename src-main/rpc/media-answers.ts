import { AppError, type Result } from '../kit/index.ts'

const STATUS: Readonly<Partial<Record<AppError['code'], number>>> = { NOT_FOUND: 404, INVALID: 400, CANCELLED: 499 }

/** A sentence and never a path: what is asked for by its address is shown in a picture's place. */
export const problem = (status: number, sentence: string): Response =>
  new Response(`${sentence}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } })

export const failed = ({ code, message }: AppError): Response => problem(STATUS[code] ?? 422, message)

/** The answer to what went well, else what is wrong. */
export const answerWith = <T>(result: Result<T>, make: (value: T) => Response): Response =>
  result.ok ? make(result.value) : failed(result.error)
