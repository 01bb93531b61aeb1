package vocab

import (
	"encoding/json"
	"slices"
	"strings"
)

// RemoteActor is an actor of another server, as that describes it. Texts are cut to
// what we keep but not cleaned; URLs are unchecked.
type RemoteActor struct {
	ID                string
	Type              string
	PreferredUsername string
	Name              string
	Summary           string // HTML, not cleaned
	URL               string
	Inbox             string
	SharedInbox       string
	Outbox            string
	Followers         string
	Following         string
	MovedTo           string
	AlsoKnownAs       []string
	Keys              []PublicKey
}

// PublicKey is a key in an actor document, or a document of its own: a
// publicKey with its PEM, or a Multikey (FEP-521a) with its Multibase.
type PublicKey struct {
	ID        string
	Owner     string // of a Multikey its controller
	PEM       string
	Multibase string
}

// Key returns the actor's key with an id, compared byte by byte. A key that names
// another owner is not the actor's; a Multikey must name the actor. The actor's own
// id means its key if it has just one.
func (a RemoteActor) Key(id string) (PublicKey, bool) {
	i := slices.IndexFunc(a.Keys, func(k PublicKey) bool {
		return k.ID == id && (k.Owner == a.ID || k.Owner == "" && k.Multibase == "")
	})
	if i >= 0 {
		return a.Keys[i], true
	}
	if id == a.ID {
		return KeyDocument{ID: a.ID, Keys: a.Keys}.Only()
	}
	return PublicKey{}, false
}

// IsActor reports whether a type is one of the five types of actors (Activity
// Vocabulary §3.2).
func IsActor(kind string) bool {
	return slices.Contains([]string{TypeApplication, TypeGroup, TypeOrganization, TypePerson, TypeService}, kind)
}

// ReadActor reads an actor document, which must have an id, the type of an actor
// and an inbox. Every error is [ErrMalformed].
func ReadActor(document []byte) (RemoteActor, error) {
	document, err := checked(document)
	if err != nil {
		return RemoteActor{}, err
	}
	f, err := readFields(document)
	if err != nil {
		return RemoteActor{}, err
	}
	a, err := readActor(f)
	if err != nil {
		return RemoteActor{}, err
	}
	if a.ID == "" || a.Inbox == "" || !IsActor(a.Type) {
		return RemoteActor{}, malformed("not an actor: id %q, type %q, inbox %q", truncate(a.ID, 200), a.Type, truncate(a.Inbox, 200))
	}
	return a, nil
}

func readActor(f fields) (a RemoteActor, err error) {
	if a.ID, err = f.ownID(); err != nil {
		return a, err
	}
	if a.Type, err = f.kind(); err != nil {
		return a, err
	}
	if a.Inbox, err = f.id("inbox"); err != nil {
		return a, err
	}
	if a.Keys, err = f.keys(); err != nil {
		return a, err
	}
	a.PreferredUsername = f.optionalText("preferredUsername", maxName)
	a.Name = f.optionalText("name", maxName)
	a.Summary = f.optionalText("summary", maxSummary)
	a.Outbox = f.optionalID("outbox")
	a.Followers, a.Following = f.optionalID("followers"), f.optionalID("following")
	a.MovedTo = f.optionalID("movedTo")
	a.URL = f.optionalLink("url")
	a.AlsoKnownAs = f.optionalIDs("alsoKnownAs")
	a.SharedInbox = f.sharedInbox()
	return a, nil
}

// sharedInbox reads endpoints.sharedInbox (ActivityPub §4.1). Endpoints may be the
// id of a document instead, which is not fetched, or empty, which PHP writes as [].
func (f fields) sharedInbox() string {
	endpoints, err := readFields(f.get("endpoints"))
	if err != nil {
		return ""
	}
	return endpoints.optionalID("sharedInbox")
}

// keys reads the keys, which are read strictly, beside nulls in their list: PHP leaves
// one where something was taken out.
func (f fields) keys() ([]PublicKey, error) {
	items, err := f.list("publicKey")
	if err != nil {
		return nil, err
	}
	items = slices.DeleteFunc(items, isNull)
	var keys []PublicKey
	for _, item := range items[:min(len(items), maxKeys)] {
		k, err := readKey(item)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return append(keys, f.multikeys()...), nil
}

// multikeys reads assertionMethod (FEP-521a). It may hold methods of any kind;
// those that are not Multikeys, and nulls, are skipped.
func (f fields) multikeys() []PublicKey {
	items, err := f.list("assertionMethod")
	if err != nil {
		return nil
	}
	items = slices.DeleteFunc(items, isNull)
	var keys []PublicKey
	for _, item := range items[:min(len(items), maxKeys)] {
		if k, err := readMultikey(item); err == nil {
			keys = append(keys, k)
		}
	}
	return keys
}

func readMultikey(raw json.RawMessage) (k PublicKey, err error) {
	f, err := readFields(raw)
	if err != nil {
		return k, err
	}
	if k.ID, err = f.ownID(); err != nil {
		return k, err
	}
	if k.Owner, err = f.id("controller"); err != nil {
		return k, err
	}
	if k.Multibase, err = f.text("publicKeyMultibase"); err != nil {
		return k, err
	}
	if kind, err := f.kind(); err != nil || kind != "Multikey" || k.ID == "" || k.Owner == "" || k.Multibase == "" {
		return k, malformed("not a Multikey with id, controller and publicKeyMultibase")
	}
	return k, nil
}

func readKey(raw json.RawMessage) (k PublicKey, err error) {
	if k.ID, err = referenced(raw, "publicKey"); err != nil || raw[0] == '"' {
		return k, err
	}
	f, err := readFields(raw)
	if err != nil {
		return k, err
	}
	if k.Owner, err = f.id("owner"); err != nil {
		return k, err
	}
	if k.Owner == "" && f.get("owner") != nil { // absent, it is the document's; this is nobody's
		return k, malformed("the owner of a publicKey names nobody")
	}
	k.PEM, err = f.text("publicKeyPem")
	return k, err
}

// KeyDocument is what a server answers at a key's id: the key's actor, a stub of
// the actor (as GoToSocial at …/main-key), or the key alone.
type KeyDocument struct {
	ID   string // of the actor, or of the key if that stands alone
	Keys []PublicKey
}

// Only is the key of the document's actor, if the document lists no other one of that
// actor and it is within the document. Some servers sign with a keyId without fragment.
func (d KeyDocument) Only() (only PublicKey, ok bool) {
	for _, k := range d.Keys {
		if !d.owns(k) {
			continue
		}
		if ok && k != only {
			return PublicKey{}, false
		}
		only, ok = k, true
	}
	return only, ok && d.holds(only)
}

// owns reports whether a key is the actor's: it says so, or is in the actor's document
// and names nobody.
func (d KeyDocument) owns(k PublicKey) bool {
	if k.Owner == "" {
		return k.Multibase == "" && d.holds(k)
	}
	return k.Owner == d.ID
}

func (d KeyDocument) holds(k PublicKey) bool {
	at, _, _ := strings.Cut(k.ID, "#")
	return d.ID != "" && at == d.ID
}

// ReadKeyDocument reads any of the three. Every error is [ErrMalformed].
func ReadKeyDocument(document []byte) (KeyDocument, error) {
	document, err := checked(document)
	if err != nil {
		return KeyDocument{}, err
	}
	f, err := readFields(document)
	if err != nil {
		return KeyDocument{}, err
	}
	if f.get("publicKeyPem") != nil {
		k, err := readKey(document)
		if err != nil {
			return KeyDocument{}, err
		}
		return KeyDocument{ID: k.ID, Keys: []PublicKey{k}}, nil
	}
	if f.get("publicKeyMultibase") != nil {
		k, err := readMultikey(document)
		if err != nil {
			return KeyDocument{}, err
		}
		return KeyDocument{ID: k.ID, Keys: []PublicKey{k}}, nil
	}
	a, err := readActor(f)
	if err != nil {
		return KeyDocument{}, err
	}
	if len(a.Keys) == 0 {
		return KeyDocument{}, malformed("no key in the document %q", truncate(a.ID, 200))
	}
	return KeyDocument{ID: a.ID, Keys: a.Keys}, nil
}
