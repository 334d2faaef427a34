import { ORPCError } from '@orpc/server'
import { ERROR_CODES, type CallErrorCode } from '../../src-contract/index.ts'
import { AppError, type ErrorCode, type Result } from '../kit/index.ts'

/** The contract's codes and the app's are one set: a code missing on either side does not compile. */
const sameCodes = (code: CallErrorCode): ErrorCode => code
const contractCodes: readonly ErrorCode[] = ERROR_CODES.map(sameCodes)
export const isCallCode = (code: ErrorCode): code is CallErrorCode & ErrorCode => contractCodes.includes(code)
type Missing = Exclude<ErrorCode, CallErrorCode>
export const everyCodeIsInTheContract: [Missing] extends [never] ? true : never = true

/** An AppError as the contract's error: code, sentence, hint and file. */
export function toCallError(error: AppError): ORPCError<string, { hint?: string; file?: string }> {
  return new ORPCError(error.code, {
    defined: true,
    status: 500,
    message: error.message,
    data: {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.file === undefined ? {} : { file: error.file }),
    },
  })
}

/** The value, or the contract's error thrown: the edge where results become answers. */
export function answer<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw toCallError(result.error)
}

/**
 * Whatever a handler threw, as an error of the contract. A value that breaks its schema is `INVALID` and says
 * where; anything unforeseen is told to `onBug` in full and to the window only as such.
 */
export function asCallError(cause: unknown, onBug: (cause: unknown) => void): ORPCError<string, unknown> {
  if (cause instanceof AppError) return toCallError(cause)
  if (cause instanceof ORPCError) {
    if (cause.defined) return cause
    if (cause.code === 'BAD_REQUEST') return toCallError(new AppError('INVALID', `The call is not valid${describeIssues(cause.data)}`))
  }
  onBug(cause)
  return new ORPCError('INTERNAL_SERVER_ERROR', { message: 'Something went wrong inside Espectro. Its log says more.' })
}

function describeIssues(data: unknown): string {
  const issues = (data as { issues?: unknown } | undefined)?.issues
  if (!Array.isArray(issues)) return ''
  const first = issues[0] as { path?: readonly unknown[]; message?: unknown } | undefined
  const path = (first?.path ?? []).map((part) => (typeof part === 'object' && part !== null ? String((part as { key: unknown }).key) : String(part)))
  return `: ${[path.join('.').slice(0, 80), String(first?.message ?? '').slice(0, 200)].filter((part) => part !== '').join(': ')}`
}
