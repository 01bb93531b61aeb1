package desk

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

// followed lets a server follow the ministry.
func (h *house) followed(host string) {
	h.t.Helper()
	actor := "https://" + host + "/users/ada"
	err := h.room.Store.Update(h.t.Context(), func(tx *storage.Tx) error {
		_, err := tx.AddFollower(audience.Follow{
			Source: publog.ActorSource("ministry"), Actor: actor, Inbox: actor + "/inbox", Delivery: "https://" + host + "/inbox",
			ID: actor + "/follow", Accept: deliveries.Directed{ID: host, Source: publog.ActorSource("ministry"), Recipient: actor, Inbox: actor + "/inbox", Body: []byte("{}")},
		})
		if err != nil {
			return err
		}
		return tx.FinishDirected(host)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// settled settles the newest entry of the log with a server: accepted, or put off.
func (h *house) settled(host string, accepted bool) {
	h.t.Helper()
	err := h.room.Store.Update(h.t.Context(), func(tx *storage.Tx) error {
		head, err := tx.Head()
		if err != nil {
			return err
		}
		e, err := tx.Entry(head.Seq)
		if err != nil {
			return err
		}
		all, err := tx.Destinations(0, 100)
		for _, d := range all {
			if d.Host != host || err != nil {
				continue
			}
			if _, err = tx.ClaimBehind(deliveries.Claim{Source: d.Source, Generation: 1, Shards: deliveries.AllShards, PerHost: 9, Limit: 9}); err != nil {
				return err
			}
			s := deliveries.Settlement{Destination: d.ID, Source: d.Source, Cursor: d.Cursor, State: deliveries.StateActive, Failures: 1, NextAttempt: h.clock.Now().Add(time.Hour), Error: "503: down for repairs"}
			if accepted {
				s = deliveries.Settlement{Destination: d.ID, Source: d.Source, Cursor: e.Seq, State: deliveries.StateActive, Succeeded: true, At: h.clock.Now(), Followers: 1, Reached: []press.Entry{e}}
			}
			err = tx.Settle(1, []deliveries.Settlement{s})
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// TestReach: the page shows over time which servers accepted an article, names the one that did not with the reason, and
// lets who may change the article have it tried at once.
func TestReach(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.followed("good.example")
	h.followed("slow.example")
	secret := h.publish("Fisheries talks", "published: 2026-12-01 10:00")
	a := h.publish("Treaty on harbours signed")
	h.clock.Pass(2 * time.Second)
	h.settled("good.example", true)
	h.settled("slow.example", false)
	h.invite("root", "operator")
	path := "/articles/" + string(a.ID) + "/reach"
	reader, editor := h.signedIn("r.one", "reader"), h.signedIn("e.one", "editor")

	got := reader.get(path + "?live=on")
	for _, says := range []string{"1 of 2 servers accepted it", "1 is behind", `<svg class="plot"`, "503: down for repairs; next try", ">Stop<", `<th scope="row">1 s</th><td>0</td>`} {
		reader.is("the reach", got, http.StatusOK, "", says)
	}
	if got.header.Get("Refresh") != "5" || reader.get(path).header.Get("Refresh") != "" {
		t.Error("the page loads itself anew only while it is watched")
	}
	if strings.Contains(got.body, "Try now") || strings.Contains(got.body, "people") {
		t.Error("a reader is offered what they may not, or servers are called people")
	}
	reader.is("a reader", reader.post(path, "host", "slow.example"), http.StatusForbidden, "", "")
	editor.is("an editor", editor.get(path), http.StatusOK, "", "Try now")
	editor.is("an unknown server", editor.post(path, "host", "nowhere.example"), http.StatusUnprocessableEntity, "", "Nothing is delivered to that server")
	editor.is("the try", editor.post(path, "host", "slow.example"), http.StatusOK, "", "503: down for repairs</span>")
	if log := h.auditOf("slow.example"); !strings.Contains(log, "e.one retry deliveries") || strings.Contains(log, "r.one") {
		t.Errorf("the audit tells: %s", log)
	}
	outside := h.signedIn("o.one", "reader:the-minister")
	outside.is("who may not read it", outside.get("/articles/"+string(secret.ID)+"/reach"), http.StatusNotFound, "", "")
	editor.is("under embargo", editor.get("/articles/"+string(secret.ID)+"/reach"), http.StatusOK, "", "It was sent to no server")
}

// auditOf is who did what to a subject.
func (h *house) auditOf(subject string) string {
	h.t.Helper()
	var all []string
	err := h.room.Store.View(h.t.Context(), func(tx *storage.Tx) error {
		lines, err := tx.AuditOf(subject, 50)
		for _, l := range lines {
			all = append(all, l.Who+" "+l.Did)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.Join(all, "\n")
}
