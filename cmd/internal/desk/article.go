package desk

import (
	"context"
	"errors"
	"html/template"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/people"
	"communique/storage/press"
)

// linesOfArticle is how many lines of the audit an article's page has.
const linesOfArticle = 50

// articleView is an article's page.
type articleView struct {
	line
	Trail    []string
	Lead     string
	Body     template.HTML
	Pictures []press.Image
	Tags     []string
	press.Particulars
	Public       string // its address; empty unless anybody can read it
	Source       string
	Silent       bool
	Reason       string // it was withdrawn
	WithdrawnAt  instant
	History      []revision
	Translations []line
	Written      []manuscriptLine // translations that are being written
	Free         []press.Language // that it can be begun in
	Rest         bool             // its set is held, and it can be said what becomes of the rest
	Follows      bool             // its embargo is that of what it translates
	Together     bool             // it goes out with all other languages of its set or not at all
	Reach        []reached
	Audit        []auditLine
	Revision     int
	Acts         articleActs
	Second       secondView
	Behind       *olderView // than what it translates; nil if it is not
	Enclosed     []enclosed // what can be withdrawn by itself
}

type revision struct {
	press.Revision
	When instant
}

// visible reads an article that whoever makes a request may read; any other is not there
// for them (SECURITY A39).
func (d *Desk) visible(ctx context.Context, tx *storage.Tx, r *http.Request) (a press.Article, tree press.Tree, err error) {
	id, err := press.ParseArticleID(chi.URLParam(r, "id"))
	if err != nil {
		return a, tree, press.ErrNotFound
	}
	reading, err := newsroom.ReadingOf(tx, visitOf(r).Person)
	if err != nil {
		return a, tree, err
	}
	if a, err = tx.Article(id); err != nil {
		return a, reading.Tree, err
	}
	if !reading.Article(a) {
		return press.Article{}, reading.Tree, press.ErrNotFound
	}
	return a, reading.Tree, ctx.Err()
}

// reading is what whoever makes a request may read.
func (d *Desk) reading(r *http.Request) (reading newsroom.Reading, err error) {
	err = d.Store.View(r.Context(), func(tx *storage.Tx) error {
		reading, err = newsroom.ReadingOf(tx, visitOf(r).Person)
		return err
	})
	return reading, err
}

func (d *Desk) article(w http.ResponseWriter, r *http.Request) error {
	var view articleView
	var of press.Article
	var in press.Tree
	err := d.Store.View(r.Context(), func(tx *storage.Tx) error {
		a, tree, err := d.visible(r.Context(), tx, r)
		if err != nil {
			return err
		}
		clock, err := tx.ClockHeld()
		if err != nil {
			return err
		}
		files, err := tx.Files(a)
		if err != nil {
			return err
		}
		of, in = a, tree
		view = articleView{
			line: d.line(r.Context(), tree, a, clock), Lead: a.Lead, Body: template.HTML(d.ownFiles(a.ID, d.body(a, mediaOf(a.ID)), files)), Pictures: d.pictures(a, mediaOf(a.ID)), Tags: a.Tags, Particulars: a.Particulars, Source: a.SourceURL,
			Silent: a.Silent, Reason: a.Reason, WithdrawnAt: d.instant(r.Context(), a.WithdrawnAt), Revision: a.Revision,
			Trail: tree.Names(a.Section, d.Room.Language, d.Room.Language),
			Rest:  a.State == press.Embargoed && a.Held && a.Together, Follows: a.State == press.Embargoed && a.Inherits, Together: a.State == press.Embargoed && a.Together,
		}
		if view.Enclosed, err = enclosedIn(tx, a); err != nil {
			return err
		}
		if view.Published {
			view.Public = d.Room.Site.Article(a)
		}
		return d.past(tx, r, tree, a, clock, &view)
	})
	if err == nil {
		view.Acts, err = d.acts(r, in, of)
	}
	if err == nil {
		view.Second, err = d.second(r, of.ID)
	}
	if err == nil {
		err = d.languagesOf(r, in, of, &view)
	}
	if err == nil {
		view.Behind, err = d.older(r, in, of.ID)
	}
	if err != nil {
		return err
	}
	return d.show(w, r, http.StatusOK, "article", view.Title, view)
}

// past fills in what has become of an article, and of the others of its set.
func (d *Desk) past(tx *storage.Tx, r *http.Request, tree press.Tree, a press.Article, clock string, view *articleView) error {
	p := visitOf(r).Person
	past := tx.History
	reading, err := newsroom.ReadingOf(tx, p)
	if err != nil {
		return err
	}
	if reading.KeptBack(a) {
		past = tx.NotedHistory // with the notes that were hidden
	}
	history, err := past(a.ID, a.Revision)
	if err != nil {
		return err
	}
	for _, h := range slices.Backward(history) {
		view.History = append(view.History, revision{h, d.instant(r.Context(), h.At)})
	}
	set, err := tx.Set(a.Group)
	if err != nil {
		return err
	}
	for _, other := range set {
		if other.ID != a.ID && reading.Article(other) {
			view.Translations = append(view.Translations, d.line(r.Context(), tree, other, clock))
		}
	}
	if err := markOlder(tx, set, view.Translations); err != nil {
		return err
	}
	if view.Reach, err = d.reach(r.Context(), tx, a.ID); err != nil {
		return err
	}
	lines, err := visitOf(r).Room.Story(tx, a.ID, linesOfArticle)
	for _, l := range lines {
		if !p.MayAnywhere(people.Operator) {
			l.Network = "" // from where others work is nobody else's business
		}
		view.Audit = append(view.Audit, d.auditLine(r.Context(), l))
	}
	return err
}

// body is the text of an article, which was cleaned when it was stored, with the pictures
// that the desk shows itself, at its own address: an embargo keeps them from the site.
func (d *Desk) body(a press.Article, own string) string {
	return strings.ReplaceAll(string(a.Body), `src="`+d.Room.Site.Media(""), `src="`+own)
}

// pictures are those of an article, as with [Desk.body].
func (d *Desk) pictures(a press.Article, own string) []press.Image {
	all := slices.Clone(a.Images)
	for i := range all {
		if name, ours := strings.CutPrefix(all[i].Src, d.Room.Site.Media("")); ours {
			all[i].Src = own + name
		}
	}
	return all
}

// ownFiles has a text link to its files at the desk's own addresses: an embargo keeps them from
// the site.
func (d *Desk) ownFiles(id press.ArticleID, body string, files []press.File) string {
	for _, f := range files {
		own := "/articles/" + string(id) + "/file?" + url.Values{"of": {f.Hash}, "name": {f.Name}}.Encode()
		body = strings.ReplaceAll(body, `href="`+f.URL+`"`, `href="`+template.HTMLEscapeString(own)+`"`)
	}
	return body
}

// file answers with a file that an article links to, to be stored and not shown.
func (d *Desk) file(w http.ResponseWriter, r *http.Request) error {
	hash, name := r.FormValue("of"), r.FormValue("name")
	var content []byte
	err := d.Store.View(r.Context(), func(tx *storage.Tx) error {
		a, _, err := d.visible(r.Context(), tx, r)
		if err != nil {
			return err
		}
		files, err := tx.Files(a)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(files, func(f press.File) bool { return f.Hash == hash && f.Name == name })
		if at < 0 {
			return press.ErrNotFound
		}
		content, err = tx.FileContent(files[at])
		return err
	})
	if err != nil {
		return err
	}
	answerFile(w, name, content)
	return nil
}

// answerFile answers with a file that was looked at by nobody yet.
func answerFile(w http.ResponseWriter, name string, content []byte) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(name)}))
	_, _ = w.Write(content) // an error concerns a client that has gone
}

func mediaOf(id press.ArticleID) string { return "/articles/" + string(id) + "/media/" }

// picture answers with a picture of an article.
func (d *Desk) picture(w http.ResponseWriter, r *http.Request) error {
	name := chi.URLParam(r, "name")
	var content []byte
	err := d.Store.View(r.Context(), func(tx *storage.Tx) error {
		a, _, err := d.visible(r.Context(), tx, r)
		if err != nil {
			return err
		}
		names, err := tx.MediaNames(a)
		if err != nil {
			return err
		}
		if !slices.Contains(names, name) {
			return press.ErrNotFound
		}
		content, err = tx.MediaContent(newsdesk.MediaHash(d.Room.Site.Media(name)))
		return err
	})
	kind := mime.TypeByExtension(path.Ext(name))
	if err == nil && !strings.HasPrefix(kind, "image/") {
		err = errors.New("a picture has no kind")
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(content) // an error concerns a client that has gone
	return nil
}
