import { previewUrl } from '@contract'

/** The bytes that a call named by their key. Rejects where they are no longer kept. */
async function fetchBytes(key: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(previewUrl(key), signal ? { signal } : {})
  if (!response.ok) throw new Error((await response.text()).trim())
  return await response.arrayBuffer()
}

export const fetchFloats = async (key: string, signal?: AbortSignal): Promise<Float32Array> => new Float32Array(await fetchBytes(key, signal))
export const fetchInts = async (key: string, signal?: AbortSignal): Promise<Int32Array> => new Int32Array(await fetchBytes(key, signal))
