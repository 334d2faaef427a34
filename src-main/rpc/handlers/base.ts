import { implement } from '@orpc/server'
import { contract } from '../../../src-contract/index.ts'
import type { CallContext } from '../peer.ts'

/** Where handlers are written: typed by the contract, so that a missing or wrong answer does not compile. */
export const calls = implement(contract).$context<CallContext>()
