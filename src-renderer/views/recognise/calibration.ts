import { onScopeDispose, ref, shallowRef } from 'vue'
import type { CalibrationEvent, CalibrationSource, Model } from '@contract'
import { isStopped, shownError, type ShownError } from '@/client/call-error.ts'
import { useClient } from '@/client/use-client.ts'
import type { CalibrationResult } from './rates.ts'

/** A calibration as it goes. */
export function useCalibration() {
  const client = useClient()
  const running = ref(false)
  const problem = shallowRef<ShownError | null>(null)
  const progress = shallowRef<Extract<CalibrationEvent, { type: 'progress' }> | null>(null)
  const result = shallowRef<CalibrationResult | null>(null)
  let stop = new AbortController()

  async function start(model: Pick<Model, 'id'>, source: CalibrationSource, how: { readonly hop: number; readonly tolerance: number }): Promise<void> {
    stop.abort()
    const { signal } = (stop = new AbortController())
    running.value = true
    problem.value = null
    result.value = null
    progress.value = null
    try {
      for await (const event of await client.detection.calibrate({ model: model.id, source, ...how }, { signal })) {
        if (event.type === 'progress') progress.value = event
        else result.value = event
      }
    } catch (cause) {
      if (!signal.aborted && !isStopped(cause)) problem.value = shownError(cause)
    } finally {
      running.value = false
    }
  }
  onScopeDispose(() => stop.abort())
  return { running, problem, progress, result, start, stop: () => stop.abort() }
}
