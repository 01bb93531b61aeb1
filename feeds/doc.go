// Package feeds is what readers pull: XML, JSON, HTML.
//
// It has two halves. The pure half renders: [WriteRSS], [WriteAtom] and
// [WriteJSON] turn a [Feed] into bytes, and package feeds/site turns articles
// and sections into pages; neither knows about databases or requests. The other
// half is the [Server], which answers requests from a [storage.Store]. Package
// feeds/websub sends to subscribers what readers would otherwise pull.
//
// Every answer has a version: the seq of the newest entry of the publication
// log that changed its content. The version is the ETag (etag.go), decides whether
// a request is answered 304 without reading an article, and is the cache key of
// the rendered and compressed bytes, so that a version is rendered once however
// many ask for it.
//
// The three formats say the same: one id per article (a tag: URI, RFC 4151, that
// survives retitling, moving and correction), separate dates of publication and of
// the last correction, summary and full content, and the section's whole path as a
// category. They build on the model of gorilla/feeds through its XmlFeed
// interface; where that model falls short, the types here embed and correct it.
// SPECS.tsv lists which parts of which specification are supported.
package feeds
