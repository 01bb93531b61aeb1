package migrations_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/fingerprint"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// TestWordingsOfOlderArticles: what was stored before there were fingerprints is found by
// them, what is kept back by its text alone, and nothing of a draft that was cancelled.
func TestWordingsOfOlderArticles(t *testing.T) {
	onEach(t, func(t *testing.T, d database) { wordings(t, d, 48) })
}

// TestOlderFingerprints: what was stored with other ones is found by those of now.
func TestOlderFingerprints(t *testing.T) {
	onEach(t, func(t *testing.T, d database) {
		wordings(t, d, 51, `INSERT INTO fingerprints (digest, article, revision) VALUES (1, 'published', 1)`,
			`INSERT INTO shingles (shingle, article, revision) VALUES (1, 'withdrawn', 1)`)
	})
}

func wordings(t *testing.T, d database, version int, others ...string) {
	t.Helper()
	text := fingerprint.Wording{Title: "A visit", Body: press.HTML("<p>" + strings.Repeat("The minister received the ambassador of Brand. ", 8) + "</p>")}
	stored := []string{`INSERT INTO sections (id, parent, slug, path, created) VALUES (1, 0, 'news', 'news', 0)`}
	for id, state := range map[string]string{"published": "published", "embargoed": "embargoed", "withdrawn": "withdrawn", "cancelled": "cancelled", "hidden": "published"} {
		hidden := 0
		if id == "hidden" {
			hidden = 1
		}
		stored = append(stored, fmt.Sprintf(`INSERT INTO articles (id, translation_group, section, language, state, silent, published, precision_of_date,
			revision, changed, digest, source_url, withdrawn_at, reason)
			VALUES ('%[1]s', '%[1]s', 1, 'en', '%[2]s', 0, 0, 'day', %[3]d, 1, '', '', 0, '')`, id, state, 1+hidden),
			fmt.Sprintf(`INSERT INTO revisions (article, number, at, updated, minor, note, section, language, title, lead, body, images, tags, hidden)
			VALUES ('%s', 1, 0, 0, 0, '', 1, 'en', '%s', '', '%s', '[]', '[]', %d)`, id, text.Title, text.Body, hidden))
	}
	stored = append(stored, `INSERT INTO revisions (article, number, at, updated, minor, note, section, language, title, lead, body, images, tags)
		VALUES ('hidden', 2, 0, 0, 1, '', 1, 'en', 'Another visit', '', '<p>What it says now.</p>', '[]', '[]')`)
	d.older(t, version, append(stored, others...)...)
	s := d.opened(t)
	embargoed := newsdesk.Wording{Article: "embargoed", Revision: 1, KeptBack: true}
	withdrawn := newsdesk.Wording{Article: "withdrawn", Revision: 1, KeptBack: true}
	hidden := newsdesk.Wording{Article: "hidden", Revision: 1, KeptBack: true}
	err := s.View(t.Context(), func(tx *storage.Tx) error {
		titled, err := tx.WithDigest(text.Titled()...)
		if diff := cmp.Diff([]newsdesk.Wording{withdrawn, hidden, embargoed, {Article: "published", Revision: 1}}, titled); diff != "" {
			t.Errorf("with the title (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		if stale, err := tx.WithDigest(1); err != nil || len(stale) > 0 {
			t.Errorf("what an earlier program knew it by is still there: %v, %v", stale, err)
		}
		if stale, err := tx.NearlyKeptBack([]int64{1}); err != nil || len(stale) > 0 {
			t.Errorf("a passage that an earlier program knew it by is still there: %v, %v", stale, err)
		}
		alone, err := tx.KeptBackWithDigest(text.Text()...)
		if diff := cmp.Diff([]newsdesk.Wording{withdrawn, hidden, embargoed}, alone); diff != "" {
			t.Errorf("the text alone (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		near, err := tx.NearlyKeptBack(text.Shingles())
		if diff := cmp.Diff([]newsdesk.Wording{embargoed, hidden, withdrawn}, near); diff != "" {
			t.Errorf("nearly (-want +got):\n%s", diff)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
