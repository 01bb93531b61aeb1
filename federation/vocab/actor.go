package vocab

// Actor is one of our actors: one that can be followed (Organization) or the one
// that signs our fetches (Application). Every URL has the host of ID, as Misskey
// demands.
type Actor struct {
	ID                string `json:"id"`
	Type              string `json:"type"`
	PreferredUsername string `json:"preferredUsername"`
	// Webfinger is the handle without "acct:", "press@mfa.example" (FEP-2c59).
	Webfinger string `json:"webfinger,omitempty"`
	Name      string `json:"name"`
	Summary   string `json:"summary,omitempty"` // HTML
	URL       string `json:"url,omitempty"`
	Published Time   `json:"published,omitzero"`
	Updated   Time   `json:"updated,omitzero"`

	Inbox        string    `json:"inbox"`
	Outbox       string    `json:"outbox"`
	Followers    string    `json:"followers,omitempty"`
	Following    string    `json:"following,omitempty"`
	Featured     string    `json:"featured,omitempty"`
	FeaturedTags string    `json:"featuredTags,omitempty"`
	Endpoints    Endpoints `json:"endpoints,omitzero"`

	// Whether follow requests wait for a person, and whether the actor may be
	// suggested and its texts searched (FEP-5feb). Written also if false.
	ManuallyApprovesFollowers bool `json:"manuallyApprovesFollowers"`
	Discoverable              bool `json:"discoverable"`
	Indexable                 bool `json:"indexable"`

	// InteractionPolicy says whose collections may list the actor (FEP-7aa9).
	InteractionPolicy *FeaturePolicy `json:"interactionPolicy,omitempty"`

	Icon  Image `json:"icon,omitzero"`
	Image Image `json:"image,omitzero"`
	// Attachment is the profile's table. It is an array even of one item: Mastodon
	// ignores a single object.
	Attachment         []PropertyValue `json:"attachment,omitempty"`
	AttributionDomains []string        `json:"attributionDomains,omitempty"`
	AlsoKnownAs        []string        `json:"alsoKnownAs,omitempty"`
	MovedTo            string          `json:"movedTo,omitempty"`

	PublicKey ActorKey `json:"publicKey"`
	// AssertionMethod are further keys (FEP-521a), for servers that know more than
	// RSA.
	AssertionMethod []Multikey `json:"assertionMethod,omitempty"`
}

func (Actor) context() string { return actorContext }

// Endpoints of an actor (ActivityPub §4.1).
type Endpoints struct {
	SharedInbox string `json:"sharedInbox"`
}

// ActorKey is the key that one of our actors signs with: ID is the actor's id with
// a fragment, Owner the actor's id, PEM a SubjectPublicKeyInfo.
type ActorKey struct {
	ID    string `json:"id"`
	Owner string `json:"owner"`
	PEM   string `json:"publicKeyPem"`
}

// Multikey is a key of one of our actors as FEP-521a writes it: ID is the actor's
// id with a fragment, Controller the actor's id, Multibase the key itself with its
// kind.
type Multikey struct {
	ID         string       `json:"id"`
	Type       multikeyType `json:"type"`
	Controller string       `json:"controller"`
	Multibase  string       `json:"publicKeyMultibase"`
}

// PropertyValue is a line of the profile's table; the value is HTML.
type PropertyValue struct {
	Type  propertyValueType `json:"type"`
	Name  string            `json:"name"`
	Value string            `json:"value"`
}
