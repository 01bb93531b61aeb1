package web

import "strings"

// Route is the kind of thing that a request asks for: few enough to count answers by.
type Route string

// The routes.
const (
	RoutePage      Route = "page"
	RouteFeed      Route = "feed"
	RouteSitemap   Route = "sitemap"
	RouteMedia     Route = "media" // pictures and files
	RouteSearch    Route = "search"
	RouteActor     Route = "actor"
	RouteObject    Route = "object" // and activities
	RouteInbox     Route = "inbox"
	RouteDiscovery Route = "discovery" // webfinger and nodeinfo
	RouteHub       Route = "hub"
	RouteOther     Route = "other"
)

// RouteOf tells by its address what a request asks for, also where an answer is repeated
// and no router is asked.
func RouteOf(path string) Route {
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	last := path[strings.LastIndexByte(path, '/')+1:]
	switch {
	case first == "ap" || first == "actors":
		switch {
		case last == "inbox":
			return RouteInbox
		case first == "actors":
			return RouteActor
		}
		return RouteObject
	case first == ".well-known" || first == "nodeinfo":
		return RouteDiscovery
	case first == "media" || first == "files":
		return RouteMedia
	case path == "/websub":
		return RouteHub
	case strings.HasPrefix(path, "/sitemap."):
		return RouteSitemap
	case strings.HasPrefix(last, "feed.") || strings.HasPrefix(last, "feeds."):
		return RouteFeed
	case rest == "search":
		return RouteSearch
	case path == "/" || rest != "" || strings.HasSuffix(path, "/"):
		return RoutePage
	}
	return RouteOther
}
