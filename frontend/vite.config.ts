/// <reference types="vitest/config" />
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const server = process.env.WEFT_URL ?? 'http://127.0.0.1:8080'
const proxied = { target: server, changeOrigin: false, ws: true }

/** Compresses the assets once, at the build, and not at every request: the server hands out `.br` and `.gz` as they are. */
function precompressed(): Plugin {
  let folder = ''
  return {
    name: 'precompressed',
    apply: 'build',
    configResolved: ({ root, build }) => {
      folder = resolve(root, build.outDir, 'assets')
    },
    closeBundle: () => {
      for (const name of readdirSync(folder).filter((one) => /\.(js|css|svg)$/.test(one))) {
        const content = readFileSync(join(folder, name))
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content))
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content))
      }
    },
  }
}

export default defineConfig({
  plugins: [react(), precompressed()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // Dozens of icons would otherwise be dozens of requests.
        codeSplitting: {
          groups: [{ name: 'icons', test: /node_modules\/lucide-react\// }],
        },
      },
    },
  },
  server: { proxy: { '/graphql': proxied, '/auth': proxied, '/hooks': proxied, '/files': proxied } },
  test: {
    // Files that need a page say so themselves: making one costs more than most tests.
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    // Two workers suffice for the suite and leave room for what else runs on a small machine.
    maxWorkers: 2,
    // A machine that compiles beside them makes tests slow, not wrong.
    testTimeout: 30_000,
  },
})
