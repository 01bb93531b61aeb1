package storagetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// manuscript begins one.
func (w *world) manuscript(title string) (m manuscripts.Manuscript) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		m, err = tx.AddManuscript(manuscripts.Manuscript{
			Kind: manuscripts.NewArticle, Section: w.activities, Language: "en", Title: title, Instant: noon.Add(time.Hour), By: "ana", Named: []string{"ana", "rui"},
		}, manuscripts.Revision{By: "ana", Document: []byte("# " + title), How: manuscripts.How{Silent: true, Meant: []string{"again"}}})
		return err
	})
	return m
}

// revise writes a manuscript anew on top of a revision.
func (w *world) revise(m manuscripts.Manuscript, on int, by, text string) (now manuscripts.Manuscript, err error) {
	w.t.Helper()
	err = w.store.Update(w.t.Context(), func(tx *storage.Tx) error {
		now, err = tx.ReviseManuscript(m, on, manuscripts.Revision{By: by, Document: []byte(text)})
		return err
	})
	return now, err
}

// manuscripts are the titles of those in a state.
func (w *world) manuscripts(state manuscripts.State) (titles []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		all, err := tx.Manuscripts(manuscripts.Listing{States: []manuscripts.State{state}}, manuscripts.Place{}, 10)
		for _, m := range all {
			titles = append(titles, m.Title)
		}
		return err
	})
	return titles
}

var manuscriptTests = map[string]func(*testing.T, *world){
	"a manuscript is read as it was begun, and listed by state": func(t *testing.T, w *world) {
		m := w.manuscript("Treaty")
		w.clock.Pass(time.Second)
		w.manuscript("Summit")
		w.view(func(tx *storage.Tx) error {
			read, err := tx.Manuscript(m.ID)
			w.same("read", m, read)
			if err != nil {
				return err
			}
			r, err := tx.RevisionOf(m.ID, 1)
			w.same("revision", manuscripts.Revision{
				Number: 1, At: noon, By: "ana", Document: []byte("# Treaty"), How: manuscripts.How{Silent: true, Meant: []string{"again"}},
			}, r)
			return err
		})
		w.same("drafts", []string{"Summit", "Treaty"}, w.manuscripts(manuscripts.Draft))
		w.update(func(tx *storage.Tx) error {
			_, err := tx.SetManuscriptState(m.ID, 1, manuscripts.InReview)
			return err
		})
		w.same("drafts", []string{"Summit"}, w.manuscripts(manuscripts.Draft))
		w.same("in review", []string{"Treaty"}, w.manuscripts(manuscripts.InReview))
	},

	"the later of two who write on top of one revision is told": func(t *testing.T, w *world) {
		m := w.manuscript("Treaty")
		m.Title = "Treaty signed"
		m, err := w.revise(m, 1, "rui", "second")
		if err != nil {
			t.Fatal(err)
		}
		w.same("revision", 2, m.Revision)
		w.same("title", "Treaty signed", m.Title)
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, err := tx.ReviseManuscript(m, 1, manuscripts.Revision{By: "ana"})
			return err
		})
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, err := tx.SetManuscriptState(m.ID, 1, manuscripts.InReview)
			return err
		})
		w.view(func(tx *storage.Tx) error {
			all, err := tx.RevisionsOf(m.ID)
			w.same("revisions", 2, len(all))
			w.same("the last", "rui", all[0].By)
			writers, failed := tx.WritersOf(m.ID)
			w.same("writers", []string{"ana", "rui"}, writers)
			if failed != nil {
				return failed
			}
			return err
		})
	},

	"a revision takes what is in review back to be written": func(t *testing.T, w *world) {
		m := w.manuscript("Treaty")
		w.update(func(tx *storage.Tx) (err error) {
			m, err = tx.SetManuscriptState(m.ID, 1, manuscripts.InReview)
			return err
		})
		m, err := w.revise(m, 1, "ana", "second")
		w.same("state", manuscripts.Draft, m.State)
		if err != nil {
			t.Error(err)
		}
	},

	"a content is taken from all manuscripts, also from those that are released": func(t *testing.T, w *world) {
		open, released := w.manuscript("Treaty"), w.manuscript("Summit")
		w.update(func(tx *storage.Tx) error {
			for _, f := range []struct{ manuscript, name, content string }{{open.ID, "a.txt", "wrong"}, {open.ID, "b.txt", "right"}, {released.ID, "c.txt", "wrong"}} {
				if err := tx.PutFile(f.manuscript, f.name, []byte(f.content)); err != nil {
					return err
				}
			}
			return tx.ReleaseManuscript(released.ID, 1, "a")
		})
		w.update(func(tx *storage.Tx) error {
			around, err := tx.FilesAround("a")
			if err != nil {
				return err
			}
			w.same("contents", 2, len(around))
			elsewhere, err := tx.FilesAround("")
			if err != nil {
				return err
			}
			w.same("beside open ones", 2, len(elsewhere))
			for _, f := range elsewhere {
				if f.Name == "a.txt" {
					return tx.DropContent(f.Hash)
				}
			}
			return nil
		})
		w.view(func(tx *storage.Tx) error {
			left, err := tx.FilesOf(open.ID)
			w.same("left", 1, len(left))
			if err != nil {
				return err
			}
			left, err = tx.FilesOf(released.ID)
			w.same("left of the released one", 0, len(left))
			return err
		})
	},

	"an article has one proposal at a time": func(t *testing.T, w *world) {
		propose := func(tx *storage.Tx) error {
			_, err := tx.AddManuscript(manuscripts.Manuscript{Kind: manuscripts.Correction, Article: "a"}, manuscripts.Revision{})
			return err
		}
		w.update(propose)
		w.refused(press.ErrConflict, propose)
		w.view(func(tx *storage.Tx) error {
			m, err := tx.ManuscriptOf("a")
			w.same("kind", manuscripts.Correction, m.Kind)
			return err
		})
		w.update(func(tx *storage.Tx) error {
			m, err := tx.ManuscriptOf("a")
			if err != nil {
				return err
			}
			return tx.ReleaseManuscript(m.ID, 1, "a")
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.ManuscriptOf("a")
			return err
		})
		w.update(propose)
	},

	"of one that is given up nothing is left, and it changes no more": func(t *testing.T, w *world) {
		m := w.manuscript("Kept back")
		w.update(func(tx *storage.Tx) error {
			if err := tx.PutFile(m.ID, "treaty.pdf", []byte("%PDF")); err != nil {
				return err
			}
			if err := tx.AddRemark(m.ID, manuscripts.Remark{By: "rui", Text: "Kept back until Monday?"}); err != nil {
				return err
			}
			if err := tx.ApproveManuscript(m.ID, manuscripts.Approval{Revision: 1, By: "rui", Digest: "d"}); err != nil {
				return err
			}
			if err := tx.KeepPage(m.ID, manuscripts.Page{Identity: "https://old.mfa.example/1", Says: []string{"one"}}); err != nil {
				return err
			}
			return tx.KeepUnsaved(manuscripts.Unsaved{Person: "ana", Form: "one", Manuscript: m.ID, On: 1, Document: []byte("Kept")})
		})
		w.update(func(tx *storage.Tx) error { return tx.CancelManuscript(m.ID) })
		w.view(func(tx *storage.Tx) error {
			now, err := tx.Manuscript(m.ID)
			w.same("state", manuscripts.Cancelled, now.State)
			w.same("title", "", now.Title)
			w.same("named", []string{"ana", "rui"}, now.Named)
			return err
		})
		for _, table := range []string{"manuscript_revisions", "manuscript_files", "manuscript_chunks", "remarks", "approvals", "unsaved", "manuscript_pages", "manuscript_page_says"} {
			if err := w.database.Exec(`INSERT INTO facts (name, value) SELECT 'left', '1' FROM ` + table + ` WHERE manuscript = '` + m.ID + `'`); err != nil {
				t.Fatal(err)
			}
			w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
				_, err := tx.Fact("left")
				return err
			})
		}
		for _, change := range []func(*storage.Tx) error{
			func(tx *storage.Tx) error { return tx.CancelManuscript(m.ID) },
			func(tx *storage.Tx) error { return tx.AssignManuscript(m.ID, "rui") },
			func(tx *storage.Tx) error { return tx.PutFile(m.ID, "a.pdf", nil) },
			func(tx *storage.Tx) error {
				return tx.KeepUnsaved(manuscripts.Unsaved{Person: "ana", Form: "one", Manuscript: m.ID})
			},
			func(tx *storage.Tx) error {
				_, err := tx.ReviseManuscript(m, 1, manuscripts.Revision{By: "ana"})
				return err
			},
		} {
			w.refused(press.ErrConflict, change)
		}
	},

	"the page that a manuscript is made of is known while something can become of it": func(t *testing.T, w *world) {
		page := manuscripts.Page{Identity: "https://old.mfa.example/1", SourceURL: "https://old.mfa.example/1?a", Reader: 7, Section: w.activities, Read: "read", Written: "written"}
		says := []string{"two", "one", "one"}
		keep := func(m manuscripts.Manuscript, identity string) func(*storage.Tx) error {
			return func(tx *storage.Tx) error {
				p := page
				p.Identity, p.Says = identity, says
				return tx.KeepPage(m.ID, p)
			}
		}
		waits, given, released := w.manuscript("Treaty"), w.manuscript("Summit"), w.manuscript("Visit")
		w.update(keep(waits, page.Identity))
		w.update(keep(given, "https://old.mfa.example/2"))
		w.update(keep(released, "https://old.mfa.example/3"))
		w.update(func(tx *storage.Tx) error {
			if err := tx.CancelManuscript(given.ID); err != nil {
				return err
			}
			return tx.ReleaseManuscript(released.ID, 1, "a")
		})
		w.view(func(tx *storage.Tx) error {
			m, read, err := tx.PagePending(page.Identity)
			w.same("the manuscript", waits.ID, m.ID)
			w.same("the page", page, read)
			if err != nil {
				return err
			}
			if m, err = tx.PageSaying("none", "one"); err != nil {
				return err
			}
			w.same("of what it says", waits.ID, m.ID)
			read, err = tx.PageOf(waits.ID)
			w.same("of the manuscript", page, read)
			return err
		})
		for _, none := range []func(*storage.Tx) error{
			func(tx *storage.Tx) error { _, _, err := tx.PagePending("https://old.mfa.example/2"); return err },
			func(tx *storage.Tx) error { _, _, err := tx.PagePending("https://old.mfa.example/3"); return err },
			func(tx *storage.Tx) error { _, err := tx.PageOf(released.ID); return err },
			func(tx *storage.Tx) error { _, err := tx.PageSaying("none"); return err },
			func(tx *storage.Tx) error { _, err := tx.PageSaying(); return err },
		} {
			w.refused(press.ErrNotFound, none)
		}
		w.update(keep(w.manuscript("Summit, again"), "https://old.mfa.example/2"))
	},

	"files are kept by their names, the last of each": func(t *testing.T, w *world) {
		m := w.manuscript("Treaty")
		large := []byte(strings.Repeat("0123456789abcdef", 40000))
		w.update(func(tx *storage.Tx) error {
			for _, f := range []struct{ name, content string }{{"b.pdf", "first"}, {"a.pdf", string(large)}, {"b.pdf", "second"}, {"c.pdf", ""}} {
				if err := tx.PutFile(m.ID, f.name, []byte(f.content)); err != nil {
					return err
				}
			}
			return tx.DropFile(m.ID, "none.pdf")
		})
		w.view(func(tx *storage.Tx) error {
			all, err := tx.FilesOf(m.ID)
			if err != nil {
				return err
			}
			var names []string
			for _, f := range all {
				names = append(names, f.Name)
			}
			w.same("names", []string{"a.pdf", "b.pdf", "c.pdf"}, names)
			for name, want := range map[string]string{"a.pdf": string(large), "b.pdf": "second", "c.pdf": ""} {
				got, err := tx.FileOf(m.ID, name)
				if err != nil {
					return err
				}
				w.same(name, want, string(got))
			}
			return nil
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.FileOf(m.ID, "none.pdf")
			return err
		})
	},

	"remarks and approvals are read back": func(t *testing.T, w *world) {
		m := w.manuscript("Treaty")
		w.update(func(tx *storage.Tx) error {
			for _, text := range []string{"First.", "Second."} {
				if err := tx.AddRemark(m.ID, manuscripts.Remark{By: "rui", Text: text}); err != nil {
					return err
				}
			}
			return tx.ApproveManuscript(m.ID, manuscripts.Approval{Revision: 1, By: "rui", Digest: "d", Reason: "at night"})
		})
		w.view(func(tx *storage.Tx) error {
			remarks, err := tx.RemarksOn(m.ID)
			if err != nil {
				return err
			}
			w.same("remarks", []manuscripts.Remark{{At: noon, By: "rui", Text: "First."}, {At: noon, By: "rui", Text: "Second."}}, remarks)
			approvals, err := tx.ApprovalsOf(m.ID)
			if err != nil {
				return err
			}
			w.same("approvals", []manuscripts.Approval{{Revision: 1, Digest: "d", By: "rui", At: noon, Reason: "at night"}}, approvals)
			return err
		})
	},

	"what an article hides is hidden in its manuscripts": func(t *testing.T, w *world) {
		const wrong = "wrong name"
		about := func(m manuscripts.Manuscript) {
			w.update(func(tx *storage.Tx) error {
				if err := tx.PutFile(m.ID, "a.txt", []byte(wrong)); err != nil {
					return err
				}
				if err := tx.AddRemark(m.ID, manuscripts.Remark{By: "rui", Text: wrong}); err != nil {
					return err
				}
				return tx.KeepUnsaved(manuscripts.Unsaved{Person: "ana", Form: "in " + m.ID, Manuscript: m.ID, Document: []byte(wrong)})
			})
		}
		first := w.manuscript(wrong)
		about(first)
		w.update(func(tx *storage.Tx) error { return tx.ReleaseManuscript(first.ID, 1, "aaaaaaaaaaaaaaaa") })
		var correction manuscripts.Manuscript
		w.update(func(tx *storage.Tx) (err error) {
			correction, err = tx.AddManuscript(manuscripts.Manuscript{Kind: manuscripts.Correction, Article: "aaaaaaaaaaaaaaaa", Title: "right", By: "rui"}, manuscripts.Revision{By: "rui", Document: []byte(wrong)})
			return err
		})
		about(correction)
		if _, err := w.revise(correction, 1, "ana", "right"); err != nil {
			t.Fatal(err)
		}
		w.update(func(tx *storage.Tx) error { return tx.HideWordingsOf("aaaaaaaaaaaaaaaa", "right") })
		w.view(func(tx *storage.Tx) error {
			for _, tt := range []struct {
				id       string
				revision int
				want     string
			}{{first.ID, 1, ""}, {correction.ID, 1, ""}, {correction.ID, 2, "right"}} {
				r, err := tx.RevisionOf(tt.id, tt.revision)
				if err != nil {
					return err
				}
				w.same("document", tt.want, string(r.Document))
			}
			writers, err := tx.WritersOf(correction.ID)
			w.same("who wrote it", []string{"ana", "rui"}, writers)
			if err != nil {
				return err
			}
			all, err := tx.ManuscriptsOf("aaaaaaaaaaaaaaaa")
			for _, m := range all {
				w.same("title", "right", m.Title)
			}
			for id, files := range map[string]int{first.ID: 0, correction.ID: 1} {
				beside, err := tx.FilesOf(id)
				w.same("files", files, len(beside))
				if err != nil {
					return err
				}
				remarks, err := tx.RemarksOn(id)
				w.same("remarks", 0, len(remarks))
				if err != nil {
					return err
				}
				typed, err := tx.UnsavedIn(id)
				w.same("typed", 0, len(typed))
				if err != nil {
					return err
				}
			}
			return err
		})
	},

	"what is typed is kept form by form until it is dropped": func(t *testing.T, w *world) {
		m := w.manuscript("Treaty")
		typed := func(person, form, manuscript, text string) {
			w.update(func(tx *storage.Tx) error {
				return tx.KeepUnsaved(manuscripts.Unsaved{Person: person, Form: form, Manuscript: manuscript, On: 1, Document: []byte(text)})
			})
		}
		typed("ana", "one", m.ID, "ty")
		typed("ana", "one", m.ID, "typed")
		typed("rui", "two", m.ID, "of Rui's")
		typed("ana", "new", "", "begun")
		if _, err := w.revise(m, 1, "ana", "typed"); err != nil { // another form of hers may have more
			t.Fatal(err)
		}
		w.view(func(tx *storage.Tx) error {
			in, err := tx.UnsavedIn(m.ID)
			w.same("in the manuscript", []manuscripts.Unsaved{{Person: "ana", Form: "one", Manuscript: m.ID, On: 1, At: noon}, {Person: "rui", Form: "two", Manuscript: m.ID, On: 1, At: noon}}, in)
			if err != nil {
				return err
			}
			of, err := tx.UnsavedOf("ana")
			w.same("of ana", []manuscripts.Unsaved{{Person: "ana", Form: "new", On: 1, At: noon}, {Person: "ana", Form: "one", Manuscript: m.ID, On: 1, At: noon}}, of)
			if err != nil {
				return err
			}
			one, err := tx.UnsavedBy("ana", "one")
			w.same("the last", "typed", string(one.Document))
			return err
		})
		w.update(func(tx *storage.Tx) error { return tx.DropUnsaved("ana", "one") })
		for _, form := range []string{"one", "two"} { // the other one is not hers
			w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
				_, err := tx.UnsavedBy("ana", form)
				return err
			})
		}
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			return tx.KeepUnsaved(manuscripts.Unsaved{Person: "ana", Form: "three", Manuscript: "none"})
		})
		w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
			return tx.KeepUnsaved(manuscripts.Unsaved{Person: "ana", Form: "three", Document: make([]byte, manuscripts.MaxUnsavedBytes+1)})
		})
		for n := range manuscripts.MaxUnsaved + 3 {
			w.clock.Pass(time.Second)
			typed("ana", fmt.Sprint("form ", n), "", "text")
		}
		w.view(func(tx *storage.Tx) error {
			of, err := tx.UnsavedOf("ana")
			w.same("as many as are kept", manuscripts.MaxUnsaved, len(of))
			w.same("the first of them", fmt.Sprint("form ", manuscripts.MaxUnsaved+2), of[0].Form)
			return err
		})
		w.clock.Pass(manuscripts.UnsavedFor)
		w.update(func(tx *storage.Tx) error { return tx.DropOldUnsaved() })
		w.view(func(tx *storage.Tx) error {
			of, err := tx.UnsavedOf("ana")
			w.same("as long as they are kept", 1, len(of)) // the very last
			return err
		})
	},
}
