// npm run build: what the browser gets, made from static/scss and the installed packages.
// Everything lands in static/built, which is never committed; script/setup runs this when needed.
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as sass from 'sass'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const packages = join(root, 'node_modules')
const built = join(root, 'static', 'built')
mkdirSync(join(built, 'fonts'), { recursive: true })

// The one style sheet. Warnings of the installed packages are theirs; our own stop the build.
const { css } = sass.compile(join(root, 'static', 'scss', 'portal.scss'), {
  style: 'compressed',
  loadPaths: [packages, root],
  quietDeps: true,
  fatalDeprecations: [],
})
writeFileSync(join(built, 'portal.css'), css)

// The typeface, regular and bold, in the two parts that a browser picks from.
const fonts = join(packages, '@fontsource', 'atkinson-hyperlegible-next', 'files')
for (const name of readdirSync(fonts)) {
  if (/-latin(-ext)?-(400|700)-normal\.woff2$/.test(name)) {
    cpSync(join(fonts, name), join(built, 'fonts', name))
  }
}

// Scripts of others that our pages load as extras; every journey works without them.
cpSync(
  join(packages, 'govuk-frontend', 'dist', 'govuk', 'govuk-frontend.min.js'),
  join(built, 'govuk-frontend.min.js'),
)
for (const name of ['leaflet.css', 'leaflet-src.esm.js', 'images']) {
  cpSync(join(packages, 'leaflet', 'dist', name), join(built, 'leaflet', name), { recursive: true })
}
