import { createRequire } from 'node:module'

/** The part of the global that is used here; the compiler's own types for it come only with a browser's. */
interface WasmGlobal {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

export const wasm = (globalThis as typeof globalThis & { readonly WebAssembly: WasmGlobal }).WebAssembly

/** For packages that are scripts, or WebAssembly files, rather than modules. */
export const requirePackage = createRequire(import.meta.url)
