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

export default defineConfig({
  base: '/app/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: { input: ['index.html', 'src/early.ts'] },
  },
  plugins: [early(), finish()],
})
