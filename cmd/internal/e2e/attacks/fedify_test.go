package attacks

import (
	"net/http"
	"slices"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestFedifyForges: a server that signs soundly whatever it likes, by both
// schemes, speaks for nobody but its own account.
func TestFedifyForges(t *testing.T) {
	t.Parallel()
	f, w := e2etest.StartFedify(t), newAttacked(t)
	mallory := w.honest.As("mallory") // for the form of what is said
	own, key := f.Base+"/users/reader", f.Base+"/users/reader#main-key"
	mine := func(kind string, object any) map[string]any {
		return e2etest.With(mallory.Activity(kind, "x", object), "id", f.Base+"/activities/x", "actor", own)
	}
	spoofed := map[string]any{
		"@context": []string{e2etest.ActivityStreams, "https://w3id.org/security/v1"}, "id": w.honest.Actor(), "type": "Person", "inbox": own + "/inbox",
		"publicKey": map[string]any{"id": f.Base + "/spoofed#main-key", "owner": w.honest.Actor(), "publicKeyPem": e2etest.Text(e2etest.Object(t, own), "publicKey", "publicKeyPem")},
	}
	var shown map[string]int
	f.Tell("/control/show", map[string]any{"path": "/spoofed", "type": e2etest.ActivityJSON, "document": spoofed}, &shown)
	foreign := e2etest.With(w.honest.Post("kept", "<p>Forged</p>", w.ObjectID(w.article)), "updated", "2026-06-01T00:00:00Z")
	like := w.honest.Activity("Like", "kept", w.ObjectID(w.article))

	refused := everyKind(w.honest, w.Site, w.article)
	without := []map[string]any{
		mine("Create", foreign), mine("Update", foreign), mine("Delete", foreign["id"]), mine("Delete", w.honest.Actor()), mine("Announce", like),
		mine("Undo", like), mine("Undo", like["id"]), mine("Undo", w.honest.Follow(w.Actor())), mine("Update", e2etest.With(w.honest.Document(), "name", "Mallory")),
		e2etest.With(mine("Move", w.honest.Actor()), "target", own), mine("Announce", w.honest.Actor()), mine("Add", foreign), mine("Accept", w.honest.Follow(w.Actor())),
		mine("Update", e2etest.Object(t, w.ObjectID(w.article))), mine("Delete", w.ObjectID(w.article)), mine("Delete", w.Actor()), mine("Update", e2etest.Object(t, w.Actor())),
		mine("Create", e2etest.With(w.honest.Post("1", "<p>In its name</p>", w.ObjectID(w.article)), "id", f.Base+"/posts/1", "attributedTo", w.Actor())),
	}
	for _, spec := range []string{"draft-cavage-http-signatures-12", "rfc9421"} {
		try := func(activity map[string]any, keyID, inbox string, want ...int) {
			t.Helper()
			var statuses []int
			f.Tell("/control/forge", map[string]any{"inbox": inbox, "activity": activity, "spec": spec, "keyId": keyID, "times": 2}, &statuses)
			for _, status := range statuses {
				if !slices.Contains(want, status) {
					t.Errorf("the answers to %s of %s with %s by %s are %v, want %v", activity["type"], activity["actor"], keyID, spec, statuses, want)
				}
			}
			e2etest.Equal(t, "the number of answers", len(statuses), 2)
		}
		for _, inbox := range []string{w.Inbox(), w.Actor() + "/inbox", w.ActorNamed("minister") + "/inbox"} {
			for _, activity := range refused {
				try(activity, key, inbox, answerToForged(activity))
			}
			try(w.honest.Undo(w.Actor()), f.Base+"/spoofed#main-key", inbox, http.StatusUnauthorized)
			// The honest server speaks from the same address, from which a key may have changed.
			try(w.honest.Undo(w.Actor()), w.honest.KeyID(), inbox, http.StatusUnauthorized, http.StatusServiceUnavailable)
			for _, activity := range without {
				try(activity, key, inbox, http.StatusAccepted)
			}
		}
		try(mine("View", w.Actor()), key, w.Inbox(), http.StatusAccepted) // what is its own, it may say
	}
	w.unharmed(t)
}
