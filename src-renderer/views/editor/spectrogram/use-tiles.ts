import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { columnHop, TILE_COLUMNS, TILE_FLOOR, TILE_STEP, tileLevels } from '@contract'
import { useEditor } from '@/stores/editor.ts'
import { useSpectrogram } from '@/stores/spectrogram.ts'
import { createTileStore, type TileStore } from './tile-store.ts'
import { levelFor } from './tile-plan.ts'

/** Gain that stands in until the recording's loudest column is known, dB. */
const USUAL_GAIN = 20
/** Below this there is nothing that a gain should bring out, dB. */
const SILENT = -80

/** The tiles of the recording in the editor, for the transform that is set. */
export const useTiles = defineStore('tiles', () => {
  const editor = useEditor()
  const spectrogram = useSpectrogram()
  const store = shallowRef<TileStore | null>(null)
  const problem = ref<string | null>(null)
  const waiting = ref(false)
  /** Whether everything in sight has been drawn once. */
  const drawn = ref(false)
  /** Goes up when there is more to draw. */
  const revision = ref(0)

  /** The whole recording in one tile. */
  const coarsest = computed(() => tileLevels(spectrogram.stft, editor.recording?.frames ?? 1) - 1)
  function open(): void {
    store.value?.dispose()
    problem.value = null
    drawn.value = false
    const { recording } = editor
    const step = (): void => {
      revision.value += 1
      waiting.value = store.value?.waiting ?? false
    }
    store.value = recording && createTileStore(recording.id, spectrogram.stft, step, (message) => {
      problem.value = message
      step()
    })
    // The whole in one tile is wanted whatever is in sight: it need not wait for the view.
    store.value?.want([{ level: coarsest.value, tile: 0 }])
    revision.value += 1
  }
  watch([() => editor.recording?.id, () => JSON.stringify(spectrogram.stft)], open, { immediate: true })

  /** dB at full scale of the loudest that the whole recording's tile shows. */
  const loudest = computed<number | null>(() => {
    void revision.value
    const tile = store.value?.get(coarsest.value, 0)
    return tile ? TILE_FLOOR + TILE_STEP * tile.reduce((a, b) => Math.max(a, b), 0) : null
  })
  const autoGain = computed(() => (loudest.value === null || loudest.value < SILENT ? USUAL_GAIN : Math.max(0, -Math.round(loudest.value))))
  const gain = computed(() => spectrogram.settings.gain ?? autoGain.value)

  /** dB at full scale at a time and frequency, from what is here; null where nothing is. */
  function levelAt(time: number, hz: number): number | null {
    const { recording } = editor
    if (!store.value || !recording) return null
    const { stft, nyquist } = spectrogram
    const sample = time * recording.sampleRate
    const bins = stft.fftSize / 2 + 1
    const bin = Math.round((hz / nyquist) * (bins - 1))
    for (let level = levelFor(stft, recording.frames, recording.sampleRate / editor.pixelsPerSecond); level <= coarsest.value; level++) {
      const column = Math.round(sample / columnHop(stft, level))
      const code = store.value.get(level, Math.floor(column / TILE_COLUMNS))?.[(column % TILE_COLUMNS) * bins + bin]
      if (code !== undefined) return TILE_FLOOR + TILE_STEP * code
    }
    return null
  }
  return { store, problem, waiting, drawn, revision, coarsest, gain, autoGain, levelAt, retry: open }
})
