package vocab

import "communique/storage/press"

// Note is an article as most servers show it: title, lead and link in one
// text. It has neither name nor summary, which Mastodon and others would show
// as a content warning.
type Note struct {
	ID           string   `json:"id"`
	Type         noteType `json:"type"`
	AttributedTo string   `json:"attributedTo"`
	To           []string `json:"to"`
	CC           []string `json:"cc"`
	Published    Time     `json:"published"`
	Updated      Time     `json:"updated,omitzero"`
	URL          string   `json:"url"`
	Content
	Tag               []Hashtag         `json:"tag,omitempty"`
	Attachment        []Image           `json:"attachment,omitempty"`
	InteractionPolicy InteractionPolicy `json:"interactionPolicy,omitzero"`
	Reactions
}

func (Note) context() string { return objectContext }

// Article is an article in full, for sites that choose it. Mastodon shows its Name and
// URL and never its content. It has no summary: GoToSocial, Misskey and snac2 hide the
// text behind it.
type Article struct {
	ID           string      `json:"id"`
	Type         articleType `json:"type"`
	AttributedTo string      `json:"attributedTo"`
	To           []string    `json:"to"`
	CC           []string    `json:"cc"`
	Published    Time        `json:"published"`
	Updated      Time        `json:"updated,omitzero"`
	URL          string      `json:"url"`
	Name         string      `json:"name"` // plain text
	Content
	// Preview is what a microblogging server may show instead (FEP-b2b8).
	Preview           Preview           `json:"preview,omitzero"`
	Tag               []Hashtag         `json:"tag,omitempty"`
	Attachment        []Image           `json:"attachment,omitempty"`
	InteractionPolicy InteractionPolicy `json:"interactionPolicy,omitzero"`
	Reactions
}

func (Article) context() string { return objectContext }

// Reactions are the collections of reactions to an object. An object that is sent
// has none: they change, and what is sent is the same at every attempt.
type Reactions struct {
	Replies Collection `json:"replies,omitzero"`
	Likes   Collection `json:"likes,omitzero"`
	Shares  Collection `json:"shares,omitzero"`
}

// With returns the note with the reactions to it.
func (n Note) With(r Reactions) Object {
	n.Reactions = r
	return n
}

// With returns the article with the reactions to it.
func (a Article) With(r Reactions) Object {
	a.Reactions = r
	return a
}

// Preview is the short Note inside an Article: no id, no links.
type Preview struct {
	Type noteType `json:"type"`
	Content
}

// Tombstone stands for an object that was deleted (Activity Vocabulary §3.3).
type Tombstone struct {
	ID         string        `json:"id"`
	Type       tombstoneType `json:"type"`
	FormerType string        `json:"formerType,omitempty"`
	Deleted    Time          `json:"deleted,omitzero"`
}

func (Tombstone) context() string { return plainContext }

// Hashtag is a tag of an object; Name begins with "#".
type Hashtag struct {
	Type hashtagType `json:"type"`
	Name string      `json:"name"`
	Href string      `json:"href"`
}

// Image is a picture: an actor's, or an attachment with its alternative text
// in Name. Width and height are pixels, 0 if not known.
type Image struct {
	Type      imageType `json:"type"`
	MediaType string    `json:"mediaType,omitempty"`
	URL       string    `json:"url"`
	Name      string    `json:"name,omitempty"`
	Width     int       `json:"width,omitempty"`
	Height    int       `json:"height,omitempty"`
	// FocalPoint is the point that stays in sight where the picture is cropped:
	// [x, y], each from -1 (left, bottom) to 1; nil if none is given.
	FocalPoint *press.Focus `json:"focalPoint,omitempty"`
	// Blurhash is shown until the picture is loaded.
	Blurhash string `json:"blurhash,omitempty"`
}

// InteractionPolicy says who may do what with an object (FEP-044f). Without one,
// nobody may quote it in Mastodon 4.5 and later.
type InteractionPolicy struct {
	CanQuote Approval `json:"canQuote"`
}

// Approval lists those for whom an interaction is approved automatically: [Public]
// is everybody.
type Approval struct {
	AutomaticApproval []string `json:"automaticApproval"`
}
