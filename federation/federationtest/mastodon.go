package federationtest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// Mastodon is a server with the follows that it believes in, which compares them with
// what deliveries say as Mastodon does (models/concerns/account/follower_hashing.rb,
// services/activitypub/prepare_followers_synchronization_service.rb and
// synchronize_followers_service.rb, at tag v4.5.0).
type Mastodon struct {
	*Peer
	// Following are the accounts that follow, by their names, as the server believes.
	Following []string
	// Compared counts the deliveries that said something of them, Fetched the lists.
	Compared, Fetched int
}

// Synchronize does what the server does with a delivery by an actor, once its signature
// has been verified.
func (m *Mastodon) Synchronize(a Arrival, actor string) {
	m.t.Helper()
	header := a.Header.Get("Collection-Synchronization")
	if header == "" {
		return
	}
	m.Compared++
	said := map[string]string{}
	for part := range strings.SplitSeq(header, ", ") {
		name, value, _ := strings.Cut(part, "=")
		said[name] = strings.Trim(value, `"`)
	}
	of := func(accounts []string) string {
		var ids []string
		for _, name := range accounts {
			ids = append(ids, m.As(name).Actor())
		}
		return combined(ids)
	}
	origin, _, _ := strings.Cut(actor, "/actors/")
	if said["collectionId"] != actor+"/followers" || !strings.HasPrefix(said["url"], origin+"/") || said["digest"] == of(m.Following) {
		return
	}
	m.Fetched++
	answer, err := m.As("instance").FetchDocument(said["url"])
	var list struct{ OrderedItems []string }
	if err != nil || answer.Status != 200 || json.Unmarshal(answer.Body, &list) != nil {
		return
	}
	var listed []string
	for _, id := range list.OrderedItems {
		name, ours := strings.CutPrefix(id, m.URL()+"/users/")
		if !ours {
			continue
		}
		listed = append(listed, name)
		if !slices.Contains(m.Following, name) {
			account := m.As(name)
			account.MustSend(actor+"/inbox", account.Undo(map[string]any{"type": "Follow", "actor": account.Actor(), "object": actor}))
		}
	}
	if combined(list.OrderedItems) == said["digest"] {
		m.Following = slices.DeleteFunc(m.Following, func(name string) bool { return !slices.Contains(listed, name) })
	}
}

// combined is the digest of FEP-8fcf.
func combined(ids []string) string {
	var digest [sha256.Size]byte
	for _, id := range ids {
		for i, b := range sha256.Sum256([]byte(id)) {
			digest[i] ^= b
		}
	}
	return hex.EncodeToString(digest[:])
}
