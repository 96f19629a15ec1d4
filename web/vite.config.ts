import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const OUT = '../src/aurora_time/web'

/** Each text file also as .br and .gz, so that the server compresses nothing; and the list that the service worker keeps. */
function finish(): Plugin {
  return {
    name: 'finish',
    apply: 'build',
    closeBundle() {
      const assets = readdirSync(join(OUT, 'assets'))
      const worker = join(OUT, 'worker.js')
      const kept = ['/app/', ...assets.map((name) => `/app/assets/${name}`)]
      // Assets have their content in their names, so a build is known by them and its page.
      const digest = createHash('sha256').update(kept.join()).update(readFileSync(join(OUT, 'index.html'))).digest('hex')
      const filled = readFileSync(worker, 'utf8').replace('"__KEPT__"', JSON.stringify(kept)).replace('__DIGEST__', digest.slice(0, 16))
      writeFileSync(worker, filled)
      const texts = [...assets.map((name) => join('assets', name)), 'index.html', 'worker.js', 'app.webmanifest']
      for (const name of texts.filter((each) => /\.(js|css|html|svg|webmanifest)$/.test(each))) {
        const content = readFileSync(join(OUT, name))
        writeFileSync(join(OUT, `${name}.gz`), gzipSync(content, { level: 9 }))
        const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 }
        writeFileSync(join(OUT, `${name}.br`), brotliCompressSync(content, { params: quality }))
      }
    },
  }
}

/** `early.ts` as a script of its own, before the app's: joined to it, it would come as late. It waits for no style. */
function early(): Plugin {
  return {
    name: 'early',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        const made = Object.values(bundle!).find((each) => each.type === 'chunk' && each.name === 'early')!
        return [{ tag: 'script', attrs: { type: 'module', async: true, crossorigin: true, src: `/app/${made.fileName}` }, injectTo: 'head-prepend' }]
      },
    },
  }
}

interface Modules {
  getModuleInfo: (id: string) => { importers: readonly string[] } | null
}

const MAIN = /\/src\/main\.tsx$/
const needed = new Map<string, boolean>()

/** Whether the app cannot begin without a module: `main.tsx` imports it, or what imports it is needed. */
function isNeeded(id: string, modules: Modules): boolean {
  const known = needed.get(id)
  if (known !== undefined) return known
  needed.set(id, false) // for those that import each other
  const found = modules.getModuleInfo(id)!.importers.some((each) => MAIN.test(each) || isNeeded(each, modules))
  needed.set(id, found)
  return found
}

/** All of that in one file: a browser asks for six at once, and each one more would wait for the line a second time. */
function whereItIsNeeded(id: string, modules: Modules): string | null {
  return isNeeded(id, modules) ? 'app' : null
}

export default defineConfig({
  base: '/app/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ['index.html', 'src/early.ts'],
      output: { codeSplitting: { groups: [{ name: whereItIsNeeded }] } },
    },
  },
  plugins: [early(), finish()],
})
