package vocab

// The types of actors (Activity Vocabulary §3.2).
const (
	TypeApplication  = "Application"
	TypeGroup        = "Group"
	TypeOrganization = "Organization"
	TypePerson       = "Person"
	TypeService      = "Service"
)

// The types of objects that we write.
const (
	TypeArticle = "Article"
	TypeNote    = "Note"
)

// The types of activities that we read or write (Activity Vocabulary §3.1).
const (
	TypeAccept   = "Accept"
	TypeAnnounce = "Announce"
	TypeBlock    = "Block"
	TypeCreate   = "Create"
	TypeDelete   = "Delete"
	TypeFlag     = "Flag"
	TypeFollow   = "Follow"
	TypeLike     = "Like"
	TypeMove     = "Move"
	TypeReject   = "Reject"
	TypeUndo     = "Undo"
	TypeUpdate   = "Update"
	// TypeEmojiReact is a like with an emoji (litepub; Misskey and Pleroma).
	TypeEmojiReact = "EmojiReact"
	// TypeQuoteRequest asks to quote an object (FEP-044f).
	TypeQuoteRequest = "QuoteRequest"
)

// A document whose type never varies has a Go type for it, so that it cannot be
// written without its type or with another.
type (
	articleType        struct{}
	collectionType     struct{}
	collectionPageType struct{}
	hashtagType        struct{}
	imageType          struct{}
	multikeyType       struct{}
	noteType           struct{}
	orderedType        struct{}
	orderedPageType    struct{}
	propertyValueType  struct{}
	quoteType          struct{}
	tombstoneType      struct{}
	nodeInfoVersion    struct{}
	nodeInfoProtocols  struct{}
)

func (articleType) MarshalText() ([]byte, error)        { return []byte(TypeArticle), nil }
func (collectionType) MarshalText() ([]byte, error)     { return []byte("Collection"), nil }
func (collectionPageType) MarshalText() ([]byte, error) { return []byte("CollectionPage"), nil }
func (hashtagType) MarshalText() ([]byte, error)        { return []byte("Hashtag"), nil }
func (imageType) MarshalText() ([]byte, error)          { return []byte("Image"), nil }
func (multikeyType) MarshalText() ([]byte, error)       { return []byte("Multikey"), nil }
func (noteType) MarshalText() ([]byte, error)           { return []byte(TypeNote), nil }
func (orderedType) MarshalText() ([]byte, error)        { return []byte("OrderedCollection"), nil }
func (orderedPageType) MarshalText() ([]byte, error)    { return []byte("OrderedCollectionPage"), nil }
func (propertyValueType) MarshalText() ([]byte, error)  { return []byte("PropertyValue"), nil }
func (quoteType) MarshalText() ([]byte, error)          { return []byte("QuoteAuthorization"), nil }
func (tombstoneType) MarshalText() ([]byte, error)      { return []byte("Tombstone"), nil }
func (nodeInfoVersion) MarshalText() ([]byte, error)    { return []byte("2.1"), nil }
func (nodeInfoProtocols) MarshalJSON() ([]byte, error)  { return []byte(`["activitypub"]`), nil }
