package federation

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/federation/vocab"
	"communique/storage/delivery"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

var update = flag.Bool("update", false, "write the golden files anew")

func day(d int) time.Time { return time.Date(2026, 3, d, 9, 30, 0, 0, time.UTC) }

func fixture() statement {
	return statement{
		Article: press.Article{
			ID: "k3tq5m2zr7ab4cde", Group: "k3tq5m2zr7ab4cde", Language: "en", Title: "Talmera & Ruvenia sign <a> treaty",
			Lead: "It ends a dispute of nine years.", Body: "<p>The treaty was signed.</p>", Revision: 1,
			State: press.Published, Published: day(1), Revised: day(1),
		},
		history: []press.Revision{{Number: 1, At: day(1)}},
	}
}

func corrected() statement {
	s := fixture()
	s.Revision, s.Updated, s.Revised = 3, day(3), day(3)
	s.history = append(s.history,
		press.Revision{Number: 2, At: day(2), Minor: true},
		press.Revision{Number: 3, At: day(3), Note: "It was signed at noon, not at nine."})
	return s
}

// TestActivities renders what each verb says of an article; the golden files
// are what followers' servers get, byte for byte.
func TestActivities(t *testing.T) {
	t.Parallel()
	withdrawn := fixture()
	withdrawn.State, withdrawn.WithdrawnAt, withdrawn.Reason = press.Withdrawn, day(4), "Issued in error."
	leadless := fixture()
	leadless.Lead, leadless.Language, leadless.Title = "", "ar", "بيان"
	full := fixture()
	full.rendition, full.Tags = newsdesk.AsArticle, []string{"sea law", "Arvane"}
	full.Body = "<h2>What was signed</h2><table><thead><tr><th>Port</th><th>Dues</th></tr></thead><tbody><tr><td>Sarel</td><td>none</td></tr></tbody></table>"
	full.Images = []press.Image{
		{Src: "https://press.mfa.example/media/a.jpg", Alt: "The signing", Type: "image/jpeg", Width: 1200, Height: 800, Blurhash: "00TI:j", Focus: &press.Focus{0.5, -0.25}, Credit: "A. Photographer", Terms: "CC BY 4.0"},
		{Src: "https://archive.example/b.PNG?size=2", Alt: "The hall"},
	}
	fullCorrected := corrected()
	fullCorrected.rendition = newsdesk.AsArticle
	fullWithdrawn := withdrawn
	fullWithdrawn.rendition = newsdesk.AsArticle
	tagged := fixture()
	tagged.Tags, tagged.Language = []string{"sea law", "حقوق الإنسان", "2026", "Sea Law"}, "en"
	ministry := author{site: press.Site{Base: "https://press.mfa.example", Tag: "mfa.example,2026"}, name: "ministry", quotes: QuotesAnyone}
	pictured := full
	pictured.rendition, pictured.Tags = newsdesk.AsNote, nil
	withImage := ministry
	withImage.images = true
	picture, err := withImage.activity(delivery.Create, press.Entry{Seq: 7, Kind: press.KindPublished, Article: pictured.ID, Revision: 1}, pictured)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "create_pictured", picture)
	for name, c := range map[string]struct {
		verb delivery.Verb
		kind press.Kind
		said statement
	}{
		"create":            {delivery.Create, press.KindPublished, fixture()},
		"create_corrected":  {delivery.Create, press.KindCorrected, corrected()},
		"create_leadless":   {delivery.Create, press.KindPublished, leadless},
		"update":            {delivery.Update, press.KindCorrected, corrected()},
		"delete":            {delivery.Delete, press.KindWithdrawn, withdrawn},
		"create_unpictured": {delivery.Create, press.KindPublished, pictured},
		"create_tagged":     {delivery.Create, press.KindPublished, tagged},
		"article_create":    {delivery.Create, press.KindPublished, full},
		"article_update":    {delivery.Update, press.KindCorrected, fullCorrected},
		"article_delete":    {delivery.Delete, press.KindWithdrawn, fullWithdrawn},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entry := press.Entry{Seq: 7, Kind: c.kind, Article: c.said.ID, Revision: c.said.Revision}
			activity, err := ministry.activity(c.verb, entry, c.said)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, activity)
		})
	}
	if _, err := ministry.activity("Like", press.Entry{}, fixture()); err == nil {
		t.Error("the ministry likes an article")
	}
}

func golden(t *testing.T, name string, activity vocab.Activity) {
	t.Helper()
	text, err := vocab.Marshal(activity)
	if err != nil {
		t.Fatal(err)
	}
	again, err := vocab.Marshal(activity)
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("rendered twice it is not the same, %v", err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	indented.WriteByte('\n')
	path := filepath.Join("testdata", "activity", name+".json")
	if *update {
		if err := os.WriteFile(path, indented.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), indented.String()); diff != "" {
		t.Errorf("%s differs (-want +got), -update writes it anew:\n%s", path, diff)
	}
}

// TestSays: an activity's id exists only for the entries whose state its verb can
// carry, so that no id is answered that was never sent.
func TestSays(t *testing.T) {
	t.Parallel()
	for verb, kinds := range map[delivery.Verb][]press.Kind{
		delivery.Create: {press.KindPublished, press.KindCorrected},
		delivery.Update: {press.KindCorrected},
		delivery.Delete: {press.KindWithdrawn},
		"Like":          nil,
	} {
		for _, kind := range []press.Kind{press.KindPublished, press.KindCorrected, press.KindWithdrawn, press.KindActor, press.KindSection} {
			want := false
			for _, k := range kinds {
				want = want || k == kind
			}
			if got := says(verb, press.Entry{Kind: kind}); got != want {
				t.Errorf("says(%s, %s) = %v", verb, kind, got)
			}
		}
	}
}
