// Read feeds with rss-parser and feedsmith, and hold JSON Feed to its schema;
// print what they see as JSON.
//
// usage: read.mjs URL...
import Ajv from 'ajv'
import RssParser from 'rss-parser'
import { parseFeed } from 'feedsmith'
import schema from 'jsonfeed-schema/v1.1.js'

const text = (value) => (value && typeof value === 'object' ? value.value ?? value.term ?? value.name : value)

// What feedsmith sees of an item differs by format; these are the same things.
const smithed = {
  rss: (i) => ({
    id: i.guid?.value, title: text(i.title), link: i.link, published: i.pubDate, updated: i.atom?.updated,
    categories: (i.categories ?? []).map((c) => c.name), enclosures: (i.enclosures ?? []).map((e) => e.url), alts: alts(i.media)
  }),
  atom: (i) => ({
    id: i.id, title: text(i.title), link: i.links.find((l) => l.rel === 'alternate').href, published: i.published, updated: i.updated,
    categories: (i.categories ?? []).map((c) => c.term), enclosures: i.links.filter((l) => l.rel === 'enclosure').map((l) => l.href), alts: alts(i.media)
  }),
  json: (i) => ({
    id: i.id, title: i.title, link: i.url, published: i.date_published, updated: i.date_modified,
    categories: i.tags ?? [], enclosures: (i.attachments ?? []).slice(0, 1).map((a) => a.url), alts: (i.attachments ?? []).map((a) => a.title)
  })
}

const alts = (media) => (media?.contents ?? []).map((c) => text(c.description))

const parsed = (i) => ({
  id: i.guid ?? i.id, title: i.title, link: i.link, published: i.isoDate ?? i.pubDate,
  categories: (i.categories ?? []).map((c) => (typeof c === 'string' ? c : c.$?.term ?? c._)), enclosures: i.enclosure ? [i.enclosure.url] : []
})

const seen = []
for (const url of process.argv.slice(2)) {
  const content = await (await fetch(url)).text()
  const { format, feed } = parseFeed(content)
  seen.push({ url, by: 'feedsmith', items: (feed.items ?? feed.entries ?? []).map(smithed[format]) })
  if (format === 'json') {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema)
    seen.push({ url, by: 'schema', valid: validate(JSON.parse(content)), errors: validate.errors })
  } else {
    const read = await new RssParser().parseString(content)
    seen.push({ url, by: 'rss-parser', link: read.link, items: read.items.map(parsed) })
  }
}
console.log(JSON.stringify(seen))
