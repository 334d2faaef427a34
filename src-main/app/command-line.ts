/**
 * Reads the command line (commander), opens what the command needs, and turns every outcome into an exit code.
 * The commands themselves are in `commands/`, one file each.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { AppError, type Result } from '../kit/index.ts'
import type { Language, PrecisionName } from '../models/index.ts'
import type { ActivationName, Opset } from '../nn/index.ts'
import { createConsole, type Console, type Streams } from './console.ts'
import { commands } from './commands/index.ts'

/** What every command gets beside its own arguments. */
export interface Invocation {
  readonly console: Console
  /** Aborted by the first Ctrl-C: stop at a safe place. */
  readonly signal: AbortSignal
  /** The library's folder as given by `--library`; undefined means the system's data folder. */
  readonly library: string | undefined
  /** The result stands, but not all of it could be done: exit code 1. */
  readonly failedPartly: () => void
}

export type Handler<Arguments extends readonly unknown[]> = (invocation: Invocation, ...args: Arguments) => Promise<Result<Record<string, unknown>>>

const ACTIVATIONS = ['relu', 'sigmoid', 'tanh', 'leaky-relu', 'silu', 'gelu'] as const satisfies readonly ActivationName[]
const PRECISIONS = ['float32', 'float16', 'int8'] as const satisfies readonly PrecisionName[]
const LANGUAGES = ['en', 'es'] as const satisfies readonly Language[]
const OPSETS = [13, 14, 15, 16, 17, 18, 19, 20, 21] as const satisfies readonly Opset[]

export const EXIT = { fine: 0, failed: 1, usage: 2 } as const

/** A second interrupt after this long means: now. */
const SAME_INTERRUPT_MS = 1000

export async function runCommandLine(argv: readonly string[], streams?: Streams): Promise<number> {
  const abort = new AbortController()
  let code: number = EXIT.fine
  const program = createProgram(async (handler, args, globals) => {
    const console = createConsole(globals.json === true, streams)
    const failedPartly = () => void (code = EXIT.failed)
    const outcome = await handler({ console, signal: abort.signal, library: globals.library, failedPartly }, ...args)
    if (outcome.ok) console.result(outcome.value)
    else {
      console.error(outcome.error)
      code = outcome.error.code === 'USAGE' ? EXIT.usage : EXIT.failed
    }
  }, streams)
  let interruptedAt: number | undefined
  const interrupt = () => {
    // One Ctrl-C may arrive twice: from the terminal and handed on by the program that started this one.
    if (interruptedAt !== undefined && performance.now() - interruptedAt > SAME_INTERRUPT_MS) process.exit(130)
    interruptedAt ??= performance.now()
    abort.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.fine : EXIT.usage
    const error = cause instanceof AppError ? cause : new AppError('IO', `This is a bug: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`)
    createConsole(argv.includes('--json'), streams).error(error)
    return error.code === 'USAGE' ? EXIT.usage : EXIT.failed
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

type Globals = { readonly json?: boolean; readonly library?: string }
type Run = (handler: Handler<readonly never[]>, args: readonly never[], globals: Globals) => Promise<void>

function createProgram(run: Run, streams?: Streams): Command {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }
  const program = new Command('espectro')
    .description('Turns recordings into a voice recogniser, offline: import, split, train, evaluate, export, recognise.')
    .version(version)
    .option('--library <folder>', "the library's folder (default: the system's data folder)")
    .option('--json', 'print one JSON object a line; the last has "type":"result" (or "error")')
    .showHelpAfterError('(espectro COMMAND --help shows how it is used)')
    .exitOverride()
  if (streams) program.configureOutput({ writeOut: (s) => streams.out.write(s), writeErr: (s) => streams.err.write(s) })
  /** Hands a command's arguments to its handler; commander adds its own object at the end, which we drop. */
  const to = <A extends readonly unknown[]>(handler: Handler<A>) =>
    async (...args: unknown[]) => run(handler as unknown as Handler<readonly never[]>, args.slice(0, -1) as never[], program.opts<Globals>())

  program
    .command('import <path>')
    .description('add the recordings of a file or folder to a dataset')
    .requiredOption('--dataset <name>', 'the dataset; made if it is new')
    .addOption(new Option('--labels <from>', 'where labels come from').choices(['folder', 'filename', 'csv']).default('folder'))
    .option('--pattern <pattern>', "how file names are built, for --labels filename, such as '{label}_{speaker}_{take}'")
    .option('--csv <file>', 'a table with a column file and any of label, speaker, start, end, split, for --labels csv')
    .option('--link', 'leave the files where they are instead of copying them into the library')
    .action(to(commands.import))

  program.command('datasets').description('list the datasets').action(to(commands.datasets))
  program.command('stats <dataset>').description('count clips, seconds, labels, splits and speakers').action(to(commands.stats))
  program.command('labels <dataset>').description('list the labels in order, with their clips').action(to(commands.labels))

  program
    .command('split <dataset>')
    .description('divide a dataset into train, validation and test')
    .addOption(new Option('--group <by>', 'keep every group on one side (default: speaker where three or more are known)').choices(['none', 'speaker', 'session']))
    .option('--test <fraction>', 'share of the clips for test (default 0.1)', fraction)
    .option('--validation <fraction>', 'share of the clips for validation (default 0.1)', fraction)
    .option('--seed <n>', 'seed of the division', integer(0), 0)
    .option('--test-where <condition>', "the test clips by a condition, such as 'take<5'")
    .option('--test-speakers <names>', 'the test clips by speaker, separated by commas')
    .action(to(commands.split))

  program
    .command('train <dataset>')
    .description('train a network on a dataset')
    .option('--model <architecture>', 'an architecture by name (one of your own too), or a JSON file', 'lenet5')
    .addOption(new Option('--activation <name>', 'another activation for the whole network').choices(ACTIVATIONS))
    .option('--front-end <name>', 'a front end by name, or a JSON file')
    .option('--augment <policy>', 'a policy by name (none, standard, speakers, waveform, specaugment, … or one of your own) or a JSON file')
    .option('--epochs <n>', 'how often the training clips are seen', integer(1))
    .option('--batch <n>', 'clips a step', integer(1))
    .addOption(new Option('--balance <how>', 'against classes of unequal sizes').choices(['sampling', 'weights']))
    .addOption(new Option('--optimizer <name>', 'the update rule').choices(['sgd', 'adam', 'adamw']))
    .option('--lr <x>', 'the highest learning rate', positive)
    .option('--seed <n>', 'seed of everything that is random', integer(0), 0)
    .addOption(new Option('--device <name>', 'where to compute').choices(['auto', 'cpu', 'webgpu']).default('auto'))
    .option('--threads <n>', 'CPU threads', integer(1))
    .option('--name <text>', "the run's name")
    .option('--resume <run>', 'continue a run that was stopped')
    .action(to(commands.train))

  program.command('runs').description('list the runs').action(to(commands.runs))
  program.command('run <run>').description('show one run').action(to(commands.run))
  program
    .command('evaluate <run>')
    .description('accuracy, F1 and confusions of a run on a split')
    .addOption(new Option('--split <name>', 'which clips').choices(['train', 'validation', 'test']).default('test'))
    .action(to(commands.evaluate))
  program
    .command('log <folder> [runs...]')
    .description('write runs as files of TensorBoard or W&B; all of them unless some are named')
    .addOption(new Option('--format <name>', 'whose files').choices(['tensorboard', 'wandb']).default('tensorboard'))
    .action(to(commands.log))
  program
    .command('export <run>')
    .description('write the recogniser as one ONNX file: waveform in, probabilities out')
    .option('--out <file>', 'the ONNX file to write')
    .addOption(new Option('--precision <type>', 'how numbers are stored; int8 measures their ranges on training clips').choices(PRECISIONS).default('float32'))
    .addOption(new Option('--opset <n>', `version of ONNX's operators, ${OPSETS[0]} to ${OPSETS.at(-1)}`).argParser(opset).default(18))
    .option('--no-front-end', 'features in instead of waveform; the settings of the front end stay in the metadata')
    .option('--temperature <x>', 'divides the logits before the softmax; "fitted" for calibrated probabilities', (text) => (text === 'fitted' ? text : positive(text)))
    .option('--card <file>', 'the model card to write, in Markdown')
    .option('--folder <folder>', 'where to write a new folder: model, card, and examples for Node, Python and the browser')
    .option('--example', 'with --folder: one test clip as a sound to try it with')
    .addOption(new Option('--language <code>', 'of the card and the instructions').choices(LANGUAGES).default('en'))
    .action(to(commands.export))
  program
    .command('recognise <model> <files...>')
    .alias('recognize')
    .description('label files with an exported model')
    .option('--stream', 'slide over long recordings and print detections with their times')
    .option('--threshold <x>', 'the least probability of a detection', fraction)
    .addOption(new Option('--format <name>', 'how to print without --json').choices(['text', 'csv', 'audacity', 'raven']).default('text'))
    .action(to(commands.recognise))
  program
    .command('architectures [name]')
    .description('list the architectures, or show one layer by layer')
    .option('--input <shape>', 'channels × height × width, such as 1x64x64', shape)
    .option('--classes <n>', 'how many classes', integer(2), 10)
    .addOption(new Option('--activation <name>', 'another activation for the whole network').choices(ACTIVATIONS))
    .option('--out <file>', 'write the layer list as JSON, for --model')
    .action(to(commands.architectures))
  program
    .command('serve')
    .description('open the studio in the browser on this machine')
    .option('--host <address>', 'the address to serve on', '127.0.0.1')
    .option('--port <n>', 'the port; 0 means any that is free', integer(0), 0)
    .option('--no-open', 'only print the address')
    .action(to(commands.serve))
  program.command('demo').description('the main job on the embedded sample set, step by step').action(to(commands.demo))
  program.command('doctor').description('say what works on this machine and what does not').action(to(commands.doctor))
  return program
}

function opset(text: string): Opset {
  const found = OPSETS.find((known) => String(known) === text)
  if (found === undefined) throw new InvalidArgumentError(`It must be one of ${OPSETS.join(', ')}.`)
  return found
}

function integer(least: number) {
  return (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`)
    return value
  }
}

function fraction(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value < 1)) throw new InvalidArgumentError('It must be a number from 0 up to, but not including, 1.')
  return value
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('It must be a number above 0.')
  return value
}

function shape(text: string): readonly [number, number, number] {
  const match = /^(\d{1,4})x(\d{1,5})x(\d{1,5})$/.exec(text)
  const sizes = match?.slice(1).map(Number)
  if (!sizes || sizes.some((s) => s < 1)) throw new InvalidArgumentError('It must be channels x height x width, such as 1x64x64.')
  return sizes as [number, number, number]
}
