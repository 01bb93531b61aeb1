// Package preview shows what will become of a document before it is published: its
// page, whole in one file that needs no server and no network, its item in the feeds,
// and its post as Mastodon shows it. Nothing is rendered here: pages and items are those
// of package feeds, the post is the object of package federation.
package preview
