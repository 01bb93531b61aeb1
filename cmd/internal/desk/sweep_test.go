package desk

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// TestA40EveryRoute: by no route of the desk, read or sent to, does anybody without the right
// find a word of a manuscript, of its earlier revision, its remark and its file, or of an article under
// embargo; nor do they learn that there is one: what is not theirs is answered as what is not
// there. The audit and the log have no word of it for whoever may read them.
func TestA40EveryRoute(t *testing.T) {
	t.Parallel()
	h := newHouse(t, provided(t))
	marker := strings.ToLower(rand.Text())
	public := h.publish("Treaty on harbours signed")
	embargoed := h.publish("Secret "+marker, "lead: More of "+marker, "published: 2026-12-24 18:00", "tags: ["+marker+"]")
	h.invite("root", "operator")
	writer := h.signedIn("some.writer", "editor", "approver")
	at := writer.send("/manuscripts/new", map[string]string{
		"title": "Begun " + marker, "section": "statements", "language": "en", "text": "Text " + marker, "date": "2026-12-24", "time": "15:00",
	}, file{"files", "annex.txt", []byte("Annex " + marker)}).path
	manuscript := strings.TrimPrefix(at, "/manuscripts/")
	writer.is("a remark", writer.post(at+"/remarks", "remark", "Remark "+marker), http.StatusOK, at, "Remark "+marker)
	fields := fieldsOf(writer.get(at + "/edit"))
	fields["title"] = "Again " + marker
	writer.is("another revision", writer.send(at+"/edit", fields), http.StatusOK, at, "Again "+marker)
	answer := h.answered("1", "ana", "<p>Well said, "+marker+"</p>", public)
	piece := strings.TrimPrefix(writer.post("/answers/"+answer+"/evidence").path, "/evidence/")
	writer.is("evidence", writer.get("/evidence"), http.StatusOK, "/evidence", marker)

	kept := strings.ToLower(rand.Text()) // the word of what is limited to others
	limitedArticle, limitedManuscript := h.limited("Kept " + kept)
	const unnamed = "one with all roles who is not named"
	visitors := map[string]*browser{"nobody": h.browser()}
	for name, roles := range map[string][]string{
		unnamed:       {"reader", "author", "editor", "approver", "alone", "operator"},
		"an operator": {"operator"}, "an editor elsewhere": {"editor:the-minister", "approver:the-minister"}, "an editor of another language": {"editor::fr"}, "one alone elsewhere": {"alone:the-minister"},
	} {
		visitors[name] = h.signedIn("v"+strings.ToLower(rand.Text()), roles...)
		h.clock.Pass(time.Second)
	}
	filled := func(route string, article press.ArticleID, manuscript, answer, piece string) (method, path string) {
		method, path, _ = strings.Cut(route, " ")
		return method, strings.NewReplacer("/manuscripts/{id}", "/manuscripts/"+manuscript, "/articles/{id}", "/articles/"+string(article), "/answers/{token}", "/answers/"+answer, "/evidence/{token}", "/evidence/"+piece,
			"/style", h.desk.pages.styleURL, "/script", h.desk.pages.scriptURL, "/keys-script", h.desk.pages.keysURL, "/passkeys.js", h.desk.pages.passkeyURL,
			"{hash}", strings.Repeat("0", 32), "{id}", manuscript, "{login}", "some.writer", "{token}", answer, "{name}", "annex.txt").Replace(path)
	}
	const nothing = "aaaaaaaaaaaaaaaa"
	for who, b := range visitors {
		b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		for _, route := range routesOf(t, h.desk) {
			if route == "POST /sign-out" || strings.HasPrefix(route, "POST /people/") {
				continue // it would end their visit, or another's
			}
			secret, article, manuscript := marker, embargoed.ID, manuscript
			if who == unnamed {
				secret, article, manuscript = kept, limitedArticle, limitedManuscript
			}
			method, path := filled(route, article, manuscript, answer, piece)
			query := map[string]string{"GET": "?name=annex.txt&from=1&to=2&state=pending&subject=" + manuscript}[method]
			got := b.ask(b.request(method, path+query, url.Values{}))
			if strings.Contains(got.body, secret) || strings.Contains(got.body, kept) {
				t.Errorf("%s by %s finds the words", route, who)
			}
			for name, values := range got.header {
				if text := strings.Join(values, " "); strings.Contains(text, secret) || strings.Contains(text, kept) {
					t.Errorf("%s by %s finds the words in %s", route, who, name)
				}
			}
			if !strings.Contains(route, "{id}") && !strings.Contains(route, "{token}") || strings.Contains(route, "/reports/") || who == unnamed && strings.Contains(route, "{token}") {
				continue
			}
			_, absent := filled(route, nothing, nothing, nothing, nothing)
			other := b.ask(b.request(method, absent+strings.ReplaceAll(query, manuscript, nothing), url.Values{}))
			same := func(p page) string {
				return strings.NewReplacer(manuscript, nothing, string(article), nothing, answer, nothing, piece, nothing).Replace(p.body + p.header.Get("Location"))
			}
			if got.status != other.status || same(got) != same(other) {
				t.Errorf("%s by %s: %d, and %d of what is not there\n%s\n%s", route, who, got.status, other.status, got.body, other.body)
			}
		}
	}
	reader := h.signedIn("a.reader", "reader")
	for _, path := range []string{at, "/articles/" + string(embargoed.ID)} {
		reader.is("who has the right", reader.get(path), http.StatusOK, path, marker)
	}
	if operator := visitors["an operator"]; strings.Contains(operator.get("/audit").body, marker) {
		t.Error("the audit has the words")
	}
	for _, list := range []string{"/", "/articles", "/articles?text=" + kept[:4], "/calendar", "/manuscripts", "/manuscripts?pile=waiting", "/audit"} {
		if strings.Contains(visitors[unnamed].get(list).body, kept) {
			t.Errorf("%s finds the words at %s", unnamed, list)
		}
	}
	if strings.Contains(h.log.String(), kept) || strings.Contains(h.log.String(), marker) {
		t.Errorf("the log has the words:\n%s", h.log.String())
	}
}
