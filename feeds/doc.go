// Package feeds is what readers pull: XML, JSON, HTML.
//
// It has two halves. The pure one renders: [WriteRSS], [WriteAtom] and
// [WriteJSON] turn a [Feed] into bytes, and package feeds/site turns articles
// and sections into pages; neither knows of a database or a request. The other
// half is the [Server], which answers requests out of a [storage.Store]. Package
// feeds/websub sends what readers would pull to those who subscribe.
//
// Every answer has a version: the seq of the newest entry of the publication
// log that changed what it says. The version is the ETag, decides whether a
// request is answered 304 without a look at an article, and is the key under
// which rendered and compressed bytes are kept, so that a version is rendered
// once however many ask for it.
//
// The three formats say the same: one id an article (a tag: URI, RFC 4151, that
// survives retitling, moving and correction), its publication and its last
// correction apart, summary and full content, the section's whole path as a
// category. They are built on the model of gorilla/feeds through its XmlFeed
// interface; where that model falls short the types here embed and correct it.
// SPECS.tsv lists what of which specification is supported.
package feeds
