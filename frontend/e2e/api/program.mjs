// The program itself, as people and scripts use it: commands on a data folder, and servers of a test's own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

const root = resolve(import.meta.dirname, '../../..')
const program = resolve(root, process.env.WEFT_E2E_PROGRAM ?? 'target/debug/weft')

/**
 * A folder that is removed when the test is over; of a test, or of a file with the `after` of node:test. Everybody may enter
 * it: PostgreSQL's account could not, and what it keeps elsewhere would stay behind.
 */
export function freshFolder(after) {
  const folder = mkdtempSync(join(tmpdir(), 'weft-api.'))
  chmodSync(folder, 0o755)
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

// What the machine needs stays; what would choose another folder, port or database than the test's goes.
function surroundings(folder, variables) {
  const kept = { ...process.env }
  for (const name of ['WEFT_SETTINGS', 'WEFT_PORT', 'WEFT_BASE_URL', 'DATABASE_URL']) delete kept[name]
  return { ...kept, WEFT_DATA_DIR: folder, ...variables }
}

/** Executes a command on a data folder to its end: `{ status, stdout, stderr }`. */
export async function weft(folder, words, { input = '', variables = {} } = {}) {
  const command = spawn(program, words, { env: surroundings(folder, variables) })
  const ended = once(command, 'close')
  command.stdin.on('error', () => {}) // A command that refuses its arguments reads nothing.
  command.stdin.end(input)
  const [stdout, stderr] = await Promise.all([text(command.stdout), text(command.stderr)])
  const [status] = await ended
  return { status, stdout, stderr }
}

/** Executes a command that must succeed; what it printed, as the list of its JSON lines. */
export async function weftJson(folder, words, more) {
  const { status, stdout, stderr } = await weft(folder, ['--json', ...words], more)
  if (status !== 0) throw new Error(`weft ${words.join(' ')}: ${status} ${stderr}`)
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

// A time limit of the test runner ends this process with a signal, and would leave the servers behind.
const running = new Set()
process.once('exit', () => {
  for (const server of running) server.kill('SIGKILL')
})
process.once('SIGTERM', () => process.exit(1))

/**
 * Starts a server on a data folder, on any free port, and waits until it is ready. It is ended when the test is over:
 * `{ address, kill(signal), log() }`, of which `kill` waits until it has ended.
 */
export async function serve(folder, after, { words = [], variables = {} } = {}) {
  const server = spawn(program, ['serve', '--port', '0', ...words], { env: surroundings(folder, variables) })
  running.add(server)
  const ended = once(server, 'exit').finally(() => running.delete(server))
  let log = ''
  server.stderr.on('data', (bytes) => {
    log += bytes
  })
  const kill = async (signal) => {
    if (server.exitCode === null && server.signalCode === null) server.kill(signal)
    await ended
  }
  after(() => kill('SIGTERM'))
  const [line] = await Promise.race([
    once(createInterface(server.stdout), 'line'),
    ended.then(() => {
      throw new Error(`the server ended before it was ready:\n${log}`)
    }),
  ])
  return { address: new URL(line.split(' ')[0]), kill, log: () => log }
}
