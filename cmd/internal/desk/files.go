package desk

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
)

// enclosed is a picture or file of an article that can be withdrawn by itself.
type enclosed struct{ Hash, What string }

// enclosedIn are the pictures and files of ours that an article has, each once.
func enclosedIn(tx *storage.Tx, a press.Article) (all []enclosed, err error) {
	seen := map[string]bool{"": true}
	add := func(hash, what string) {
		if !seen[hash] {
			seen[hash] = true
			all = append(all, enclosed{hash, what})
		}
	}
	for _, i := range append(slices.Clip(a.Images), richtext.Pictures(a.Body)...) {
		what := i.Alt
		if what == "" {
			what = "a picture without a description"
		}
		add(newsdesk.MediaHash(i.Src), what)
	}
	files, err := tx.Files(a)
	for _, f := range files {
		add(f.Hash, f.Label())
	}
	return all, err
}

// fileView is the page by which a picture or file is withdrawn.
type fileView struct {
	Hash    string
	Uses    []line
	Public  int
	Servers string
	Note    string
	Wrong   string
}

func (d *Desk) fileWithdrawal(w http.ResponseWriter, r *http.Request) error {
	return d.showFileWithdrawal(w, r, http.StatusOK, "")
}

func (d *Desk) showFileWithdrawal(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	uses, err := visitOf(r).Room.LookAtFile(r.Context(), newsroom.FileHash(chi.URLParam(r, "hash")))
	if _, barred := errors.AsType[*newsdesk.BarredError](err); barred {
		http.Redirect(w, r, "/files/withdrawn", http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	reading, err := d.reading(r)
	if err != nil {
		return err
	}
	view := fileView{Hash: uses.Hash, Public: len(uses.Public()), Note: r.PostForm.Get("note"), Wrong: wrong}
	for _, use := range uses.All {
		if reading.Article(use.Article) {
			view.Uses = append(view.Uses, d.line(r.Context(), reading.Tree, use.Article, ""))
		}
	}
	if s, err := d.Standing(r.Context()); err == nil {
		view.Servers = serversAre(s.Servers)
	}
	return d.show(w, r, status, "file", "Withdraw a picture or file", view)
}

func (d *Desk) withdrawFile(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	var err error
	if r.PostForm.Get("sure") == "" {
		err = errUnsure
	} else {
		_, err = visitOf(r).Room.WithdrawFile(r.Context(), newsroom.FileHash(chi.URLParam(r, "hash")), r.PostForm.Get("note"))
	}
	if errors.Is(err, newsroom.ErrMayNot) || errors.Is(err, press.ErrNotFound) {
		return err
	}
	if status, wrong := refused(err); wrong != "" {
		return d.showFileWithdrawal(w, r, status, wrong)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/files/withdrawn", http.StatusSeeOther)
	return nil
}

// filesShown is how many withdrawn pictures and files are shown.
const filesShown = 100

// withdrawnView is what was withdrawn, with how far that has got.
type withdrawnView struct {
	Kind, Hash, Note string
	When             instant
	Shown            bool
	Servers          deliveries.Servers
	Of               []corrected
}

// corrected is an article that goes out without what was withdrawn.
type corrected struct {
	line
	Seq                      press.Seq
	Reached, Servers, Behind int
}

// withdrawnFiles is the page of what was withdrawn. Of what never was public those learn who
// may withdraw.
func (d *Desk) withdrawnFiles(w http.ResponseWriter, r *http.Request) error {
	p := visitOf(r).Person
	var all []withdrawnView
	err := d.Store.View(r.Context(), func(tx *storage.Tx) error {
		all = nil
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		withdrawn, err := tx.WithdrawnMediaList(tx.Now().AddDate(1, 0, 0), filesShown)
		if err != nil {
			return err
		}
		for _, one := range withdrawn {
			if !one.Shown && !p.MayAnywhere(newsroom.Releases()...) {
				continue
			}
			servers, err := tx.ServersOf(one.Entries)
			if err != nil {
				return err
			}
			view := withdrawnView{Servers: servers, Kind: string(one.Kind), Hash: one.Hash, Note: one.Note, When: d.instant(r.Context(), one.At), Shown: one.Shown}
			for _, seq := range one.Entries {
				c, err := d.correctedBy(r.Context(), tx, tree, seq)
				if err != nil {
					return err
				}
				view.Of = append(view.Of, c)
			}
			all = append(all, view)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.show(w, r, http.StatusOK, "withdrawnfiles", "Withdrawn pictures and files", all)
}

// correctedBy tells how far a correction has got, over all actors.
func (d *Desk) correctedBy(ctx context.Context, tx *storage.Tx, tree press.Tree, seq press.Seq) (c corrected, err error) {
	e, err := tx.Entry(seq)
	if err != nil {
		return c, err
	}
	a, err := tx.Article(e.Article)
	if err != nil {
		return c, err
	}
	c = corrected{line: d.line(ctx, tree, a, ""), Seq: seq}
	if a.State == press.Withdrawn {
		c.Title, c.Language = "(withdrawn since)", "en"
	}
	sources, err := tx.SourcesOf(e)
	for _, s := range sources {
		if e.Silent {
			break
		}
		r, err := tx.Reach(s.Name, e)
		if err != nil {
			return c, err
		}
		c.Reached, c.Servers, c.Behind = c.Reached+r.Reached, c.Servers+r.Servers, c.Behind+r.Behind
	}
	return c, err
}
