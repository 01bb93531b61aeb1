// Package purge tells a cache in front of the site what has changed, so that
// readers see it at once and not only when the cache revalidates: above all a
// withdrawal.
//
// The [Purger] is one more reader of the publication log. It keeps its position in
// the database; a crash, or a cache that cannot be reached, loses nothing and delays
// nothing else. Pages whose addresses cannot be listed, such as the further pages of
// a list, are revalidated by the cache within a minute.
package purge
