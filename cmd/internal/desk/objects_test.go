package desk

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// TestA39Objects: on every route of the router that is about an article or a manuscript, each
// role is refused what lies in another section or another language than theirs, learns no word
// of it nor that it is there, and changes nothing; within their place each role that reads, reads. What is limited to named people is as far from
// all others, whatever their role in its place.
func TestA39Objects(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	marker := rand.Text()
	draft := h.publish("Secret "+marker, "published: 2026-12-01 10:00")
	h.invite("root", "operator")
	manuscript := h.written("Talks " + marker)
	limitedDraft, limitedManuscript := h.limited("Kept " + marker)
	stands := func() (all []string) {
		t.Helper()
		err := h.room.Store.View(t.Context(), func(tx *storage.Tx) error {
			for _, id := range []press.ArticleID{draft.ID, limitedDraft} {
				a, err := tx.Article(id)
				if err != nil {
					return err
				}
				all = append(all, fmt.Sprint(a.ID, a.State, a.Revision))
			}
			for _, id := range []string{manuscript, limitedManuscript} {
				m, err := tx.Manuscript(id)
				if err != nil {
					return err
				}
				all = append(all, fmt.Sprint(m.ID, m.State, m.Revision, m.Assigned, m.Named))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := stands()
	var routes []string
	for _, route := range routesOf(t, h.desk) {
		if strings.Contains(route, "/articles/{id}") || strings.Contains(route, "/manuscripts/{id}") {
			routes = append(routes, route)
		}
	}
	if len(routes) < 15 {
		t.Fatalf("the router has %d routes of articles and manuscripts", len(routes))
	}
	path := func(route string, article press.ArticleID, manuscript string) (method, path string) {
		method, path, _ = strings.Cut(route, " ")
		return method, strings.NewReplacer("/manuscripts/{id}", "/manuscripts/"+manuscript, "{id}", string(article), "{name}", "none.png").Replace(path)
	}
	for _, role := range people.Roles() {
		if role != people.Operator {
			within := h.signedIn("within."+string(role), string(role)+":statements:en")
			for _, object := range []string{"/articles/" + string(draft.ID), "/manuscripts/" + manuscript} {
				within.is("within their place, "+string(role), within.get(object), http.StatusOK, object, marker)
			}
		}
		for where, grant := range map[string]string{"section": string(role) + ":the-minister", "language": string(role) + ":statements:fr", "name": string(role)} {
			draft, manuscript := draft.ID, manuscript
			if role == people.Operator {
				grant = string(role) // who reads nothing by it, wherever
			}
			if where == "name" {
				draft, manuscript = limitedDraft, limitedManuscript
			}
			b := h.signedIn("other."+where+"."+string(role), grant)
			b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			for _, route := range routes {
				method, there := path(route, draft, manuscript)
				form := url.Values{"on": {"1"}, "revision": {"1"}, "text": {"Another text."}, "title": {"Another"}, "reason": {"An error."}, "remark": {"Say which."}, "sure": {"yes"}, "rule": {"first"}}
				got := b.ask(b.request(method, there, form))
				_, nowhere := path(route, press.NewArticleID(), string(press.NewArticleID()))
				none := b.ask(b.request(method, nowhere, form))
				led := got.status == http.StatusSeeOther && (strings.HasPrefix(got.header.Get("Location"), "/confirm") || got.header.Get("Location") == "/account/second-factor")
				// What they have typed themselves is theirs to throw away, whatever it was typed on.
				own := route == "POST /manuscripts/{id}/typed/end"
				if got.status != http.StatusNotFound && got.status != http.StatusForbidden && got.status != http.StatusConflict && !led && !own {
					t.Errorf("%s by %s of another %s: %d %s", route, role, where, got.status, got.header.Get("Location"))
				}
				if strings.Contains(got.body, marker) {
					t.Errorf("%s by %s of another %s tells of it", route, role, where)
				}
				if got.status != none.status || method == http.MethodGet && !led && got.body != none.body {
					t.Errorf("%s by %s of another %s: %d, and %d where there is nothing", route, role, where, got.status, none.status)
				}
			}
		}
	}
	if after := stands(); !slices.Equal(before, after) {
		t.Errorf("they were %s, and are %s", before, after)
	}
}
