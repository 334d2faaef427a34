import captureWorklet from './capture-worklet.ts?worker&url'

export interface MicrophoneOptions {
  /** Null: the system's default. */
  readonly deviceId: string | null
  /** Hz, to which the browser resamples; null: the device's own rate. */
  readonly sampleRate: number | null
  /** Seconds of one piece. */
  readonly piece: number
  /** Mono, full scale ±1. */
  readonly onSamples: (samples: Float32Array<ArrayBuffer>) => void
  /** The device was pulled out, or the system took it away. */
  readonly onEnd?: () => void
}

export interface Microphone {
  /** Hz */
  readonly sampleRate: number
  /** The device's name. */
  readonly label: string
  /** For pictures: the browser's own spectrum of what is heard now, dBFS, from 0 Hz to half the rate. */
  readonly analyser: AnalyserNode
  stop(): Promise<void>
}

/** Why there is no sound: each has a text of its own. */
export type MicrophoneProblem = 'denied' | 'missing' | 'busy' | 'unavailable'

export function microphoneProblem(cause: unknown): MicrophoneProblem {
  const name = cause instanceof DOMException ? cause.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'unavailable'
}

/** The sound as it is: what a telephone call wants (echo, noise and level control) would change what is learned. */
const RAW = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 } as const

export async function openMicrophone({ deviceId, sampleRate, piece, onSamples, onEnd }: MicrophoneOptions): Promise<Microphone> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...RAW, ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }) } })
  const context = new AudioContext(sampleRate === null ? {} : { sampleRate })
  const stop = async (): Promise<void> => {
    for (const track of stream.getTracks()) track.stop()
    if (context.state !== 'closed') await context.close()
  }
  try {
    await context.audioWorklet.addModule(captureWorklet)
    const capture = new AudioWorkletNode(context, 'espectro-capture', {
      numberOfInputs: 1, numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit',
      processorOptions: { piece: Math.max(1, Math.round(piece * context.sampleRate)) },
    })
    capture.port.addEventListener('message', ({ data }: MessageEvent<Float32Array<ArrayBuffer>>) => onSamples(data))
    capture.port.start()
    const analyser = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0 })
    context.createMediaStreamSource(stream).connect(analyser).connect(capture)
    const [track] = stream.getAudioTracks()
    track?.addEventListener('ended', () => onEnd?.())
    await context.resume()
    return { sampleRate: context.sampleRate, label: track?.label ?? '', analyser, stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

export interface MicrophoneChoice {
  readonly deviceId: string
  readonly label: string
}

/** The devices; their names are empty until the person has allowed the microphone once. */
export async function listMicrophones(): Promise<MicrophoneChoice[]> {
  const devices = await (navigator.mediaDevices?.enumerateDevices() ?? Promise.resolve([]))
  return devices.filter((d) => d.kind === 'audioinput' && d.deviceId !== '').map(({ deviceId, label }) => ({ deviceId, label }))
}
