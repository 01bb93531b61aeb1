package vocab

// NodeInfo tells statistics services what a server is (NodeInfo 2.1).
type NodeInfo struct {
	Version           nodeInfoVersion   `json:"version"`
	Software          Software          `json:"software"`
	Protocols         nodeInfoProtocols `json:"protocols"`
	Services          Services          `json:"services"`
	OpenRegistrations bool              `json:"openRegistrations"`
	Usage             Usage             `json:"usage"`
	Metadata          Metadata          `json:"metadata"`
}

// Software is the program that runs; Name matches [a-z0-9-]+.
type Software struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	Repository string `json:"repository,omitempty"`
	Homepage   string `json:"homepage,omitempty"`
}

// Services are those beyond the fediverse that the server reads or feeds:
// "atom1.0", "rss2.0".
type Services struct {
	Inbound  Items `json:"inbound"`
	Outbound Items `json:"outbound"`
}

// Usage counts actors and articles.
type Usage struct {
	Users         Users `json:"users"`
	LocalPosts    int   `json:"localPosts"`
	LocalComments int   `json:"localComments"`
}

// Users counts actors.
type Users struct {
	Total          int `json:"total"`
	ActiveMonth    int `json:"activeMonth"`
	ActiveHalfyear int `json:"activeHalfyear"`
}

// Metadata has no prescribed form; ours is the site's name.
type Metadata struct {
	NodeName        string `json:"nodeName,omitempty"`
	NodeDescription string `json:"nodeDescription,omitempty"`
}

// Marshal writes the document as JSON, the same bytes each time.
func (n NodeInfo) Marshal() ([]byte, error) { return encode(n) }

// NodeInfoIndex is the document at /.well-known/nodeinfo: where the NodeInfo is,
// and which actor is the server's own (FEP-2677).
type NodeInfoIndex struct {
	Links []Link `json:"links"`
}

// NewNodeInfoIndex points to both.
func NewNodeInfoIndex(nodeInfo, application string) NodeInfoIndex {
	return NodeInfoIndex{Links: []Link{
		{Rel: "http://nodeinfo.diaspora.software/ns/schema/2.1", Href: nodeInfo},
		{Rel: RelApplication, Href: application},
	}}
}

// Marshal writes the document as JSON, the same bytes each time.
func (n NodeInfoIndex) Marshal() ([]byte, error) { return encode(n) }
