package newsroom

import (
	"fmt"
	"strings"
	"testing"

	"communique/storage/newsdesk"
	"communique/storage/people"
	"communique/storage/press"
)

// TestListPages: a list is read page by page, to its end, whatever it leaves out; a page ends
// when enough was looked at.
func TestListPages(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for n := range 7 {
		lang := map[bool]string{true: "fr", false: "en"}[n%2 == 0]
		kind := map[bool]string{true: "kind: speech", false: "kind: statement"}[n%3 == 0]
		r.file(fmt.Sprint("Number ", n), "language: "+lang, kind, fmt.Sprintf("published: 2026-12-0%d 10:00", n+1))
	}
	r.sections("Press Room")
	french := people.Person{Grants: []people.Grant{{Role: people.Reader, Language: "fr"}}}
	for _, tt := range []struct {
		name        string
		l           Listing
		limit, most int
		pages       string
	}{
		{"all", Listing{}, 3, 0, "6 5 4|3 2 1|0"},
		{"as many as there are", Listing{}, 7, 0, "6 5 4 3 2 1 0"},
		{"in a language", Listing{Language: "en"}, 2, 0, "5 3|1"},
		{"of who reads French", Listing{Reader: &french}, 3, 0, "6 4 2|0"},
		{"of who reads nothing", Listing{Reader: &people.Person{}}, 3, 0, ""},
		{"of the others none is looked at", Listing{Language: "en"}, 2, 3, "5 3|1"},
		{"in a section", Listing{Section: "the-ministry", Language: "en"}, 2, 0, "5 3|1"},
		{"in a section without any", Listing{Section: "press-room"}, 2, 0, ""},
		{"speeches", Listing{Kind: "speech"}, 2, 0, "6 3|0"},
		{"under embargo", Listing{State: press.Embargoed, Kind: "speech"}, 2, 0, "6 3|0"},
		{"withdrawn", Listing{State: press.Withdrawn}, 2, 0, ""},
		{"two looked at", Listing{Reader: &french}, 2, 2, "6|4|2|0"},
		{"a word, of who reads French", Listing{Reader: &french, Text: "number"}, 3, 0, "6 4 2|0"},
		{"words", Listing{Language: "en", Text: "Number 1"}, 2, 1, "1"},
		{"words that are not there", Listing{Text: "nowhere"}, 2, 4, ""},
	} {
		var pages []string
		for l := tt.l; ; {
			found, err := r.ListPage(t.Context(), l, tt.limit, tt.most)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, numbers(found.Articles))
			if l.After = found.Next; l.After == (newsdesk.Place{}) {
				break
			}
		}
		if got := strings.Join(pages, "|"); got != tt.pages {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.pages)
		}
	}
}

func numbers(all []press.Article) string {
	var found []string
	for _, a := range all {
		found = append(found, strings.TrimPrefix(a.Title, "Number "))
	}
	return strings.Join(found, " ")
}
