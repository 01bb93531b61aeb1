package vocab

import (
	"mime"
	"slices"
	"strings"
)

// Media types of the documents of this package.
const (
	// MediaType is that of every ActivityStreams document that we send.
	MediaType = "application/activity+json"
	// MediaTypeLD is the other name for the same (ActivityPub §3.2).
	MediaTypeLD = `application/ld+json; profile="` + Namespace + `"`
	// Accept is the header with which we ask for either.
	Accept = MediaType + ", " + MediaTypeLD
	// MediaTypeJRD is that of WebFinger (RFC 7033 §10.2).
	MediaTypeJRD = "application/jrd+json"
	// MediaTypeXRD is that of host-meta (RFC 6415 §2).
	MediaTypeXRD = "application/xrd+xml"
	// MediaTypeNodeInfo is that of NodeInfo 2.1.
	MediaTypeNodeInfo = `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"`
)

// Namespace is the JSON-LD context of ActivityStreams.
const Namespace = "https://www.w3.org/ns/activitystreams"

// Public is the collection of everybody (ActivityPub §5.6).
const Public = Namespace + "#Public"

// IsActivityJSON reports whether a Content-Type is one of the two that ActivityPub
// objects are served as. Plain application/json and ld+json without the profile are
// not: a server that lets people upload files may serve those so, and strangers
// would speak in the server's name.
func IsActivityJSON(contentType string) bool {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch kind {
	case "application/activity+json":
		return true
	case "application/ld+json":
		return slices.Contains(strings.Fields(parameters["profile"]), Namespace)
	}
	return false
}
