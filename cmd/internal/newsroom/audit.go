package newsroom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"communique/storage"
	"communique/storage/audit"
	"communique/storage/press"
)

// noted does something that is to be noted in its transaction: the log is locked before all
// else, see [audit.Tx.ToBeNoted].
func (d Desk) noted(ctx context.Context, act func(*storage.Tx) error) error {
	return d.update(ctx, func(tx *storage.Tx) error {
		if err := tx.ToBeNoted(); err != nil {
			return err
		}
		return act(tx)
	})
}

// Act does something that is about no article or section, such as a block, and notes in
// the same transaction that the desk's author did it, and to what.
func (d Desk) Act(ctx context.Context, did, subject string, act func(*storage.Tx) error) error {
	return d.ActTelling(ctx, did, subject, func(tx *storage.Tx) (map[string]string, error) { return nil, act(tx) })
}

// ActTelling is [Desk.Act] for what returns what else is to be known of it: no word of a text.
func (d Desk) ActTelling(ctx context.Context, did, subject string, act func(*storage.Tx) (facts map[string]string, err error)) error {
	return d.noted(ctx, func(tx *storage.Tx) error {
		facts, err := act(tx)
		if err != nil {
			return err
		}
		return d.Note(tx, did, subject, facts)
	})
}

// Note adds to the audit what the desk's author has just done to a subject in a transaction,
// and what else is to be known of it: no word of an article.
func (d Desk) Note(tx *storage.Tx, did, subject string, facts map[string]string) error {
	_, err := tx.Note(audit.Act{
		Who: d.Author.Name, Via: string(d.Author.Via), Network: d.Author.Network,
		Did: did, Subject: subject, Facts: facts,
	})
	return err
}

// noteArticle notes what was done to an article, with what it is since: by digest, and by the
// names of its fields.
func (d Desk) noteArticle(tx *storage.Tx, did string, r Result, facts map[string]string) error {
	all := map[string]string{"state": string(r.Article.State), "revision": strconv.Itoa(r.Article.Revision)}
	for name, value := range facts {
		if value != "" {
			all[name] = value
		}
	}
	if d.alone != "" {
		why, err := tx.KeepReason(string(r.Article.ID), d.alone)
		if err != nil {
			return err
		}
		all["without_second_person"] = why
		// A page of others' may come with thousands; nothing of them is pushed.
		if !isGone(r.Article) && r.Article.SourceURL == "" {
			if err := d.raiseUnreviewed(tx, r.Article); err != nil {
				return err
			}
		}
	}
	if d.writers != "" { // and the line is of whoever has approved it
		did, all["written_by"] = did+" by approval", d.writers
	}
	return d.Note(tx, did, string(r.Article.ID), all)
}

// changedFields are the names of what differs between two states of an article.
func changedFields(before, after press.Article) string {
	var names []string
	differ := func(name string, differs bool) {
		if differs {
			names = append(names, name)
		}
	}
	differ("section", before.Section != after.Section)
	differ("language", before.Language != after.Language)
	differ("translation_of", before.Translates != after.Translates)
	differ("published", !before.Published.Equal(after.Published) || before.Precision != after.Precision)
	differ("title", before.Title != after.Title)
	differ("lead", before.Lead != after.Lead)
	differ("text", before.Body != after.Body)
	differ("images", press.Draft{Images: before.Images}.Digest() != press.Draft{Images: after.Images}.Digest())
	differ("tags", !slices.Equal(before.Tags, after.Tags))
	differ("kind", before.Kind != after.Kind)
	differ("place", before.Place != after.Place)
	differ("contacts", !slices.Equal(before.Contacts, after.Contacts))
	differ(notesField, !slices.Equal(before.NotesToEditors, after.NotesToEditors))
	differ("silent", before.Silent != after.Silent)
	return strings.Join(names, ", ")
}

// digest is the SHA-256 of a text, in hex.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// yes is a fact that holds or is left out.
func yes(holds bool) string {
	if holds {
		return "yes"
	}
	return ""
}
