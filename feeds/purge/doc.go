// Package purge tells a cache in front of the site what has changed, so that
// readers learn of it at once and not when the cache asks again by itself: above
// all of a withdrawal.
//
// The [Purger] is one more reader of the publication log. It keeps how far it has
// come in the database; a crash, or a cache that cannot be reached, loses nothing
// and delays nothing else. What has no address of its own that could be listed,
// such as the further parts of a list, the cache asks for again within a minute.
package purge
