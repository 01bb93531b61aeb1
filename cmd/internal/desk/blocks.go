package desk

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/answers"
	"communique/federation/moderation"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

const (
	blocksShown  = 100
	reportsShown = 50
	// maxSubject and maxComment are how long a block and its reason may be, in characters.
	maxSubject = 2000
	maxComment = 500
)

// blocksView is the list of blocks.
type blocksView struct {
	tabs
	Blocks []blockLine
	Next   string // the address of the next page
	Wrong  string
}

type blockLine struct {
	Subject, Kind, Comment string
	Since                  instant
}

func (d *Desk) blocks(w http.ResponseWriter, r *http.Request) error {
	return d.showBlocks(w, r, http.StatusOK, "")
}

func (d *Desk) showBlocks(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	view := blocksView{tabs: tabsOf(r, "blocks"), Wrong: wrong}
	err := d.Store.View(r.Context(), func(tx *storage.Tx) error {
		all, err := tx.Blocks(r.URL.Query().Get("after"), blocksShown+1)
		if len(all) > blocksShown {
			all = all[:blocksShown]
			view.Next = "/blocks?" + url.Values{"after": {all[blocksShown-1].Subject}}.Encode()
		}
		for _, b := range all {
			view.Blocks = append(view.Blocks, blockLine{b.Subject, string(b.Kind), b.Comment, d.instant(r.Context(), b.Since)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.show(w, r, status, "blocks", "Blocks", view)
}

// blockView asks whether somebody is to be blocked, and says what that costs.
type blockView struct {
	Subject, Comment string
	Server           string // on which the account is; empty if it is a server that is to be blocked
	Followers        int
	Wrong            string
}

func (d *Desk) blockPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return d.showBlock(w, r, http.StatusOK, q.Get("subject"), q.Get("comment"), "")
}

func (d *Desk) showBlock(w http.ResponseWriter, r *http.Request, status int, text, comment, wrong string) error {
	b, err := blockOf(text, comment)
	if err != nil {
		return d.showBlocks(w, r, http.StatusUnprocessableEntity, "Write a server, such as bad.example, or an account by its address, such as https://social.example/users/mallory.")
	}
	view := blockView{Subject: b.Subject, Comment: b.Comment, Wrong: wrong}
	if b.Kind == audience.BlockActor {
		view.Server = press.HostOf(b.Subject)
	}
	if view.Followers, err = answers.Cost(r.Context(), visitOf(r).Room, b); err != nil {
		return err
	}
	return d.show(w, r, status, "block", "Block", view)
}

// blockOf reads what somebody wants to block.
func blockOf(text, comment string) (b audience.Block, err error) {
	if len([]rune(text)) > maxSubject || len([]rune(comment)) > maxComment {
		return b, press.ErrInvalid
	}
	b.Comment = comment
	b.Subject, b.Kind, err = moderation.ParseSubject(text)
	return b, err
}

func (d *Desk) block(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	text, comment := r.PostForm.Get("subject"), r.PostForm.Get("comment")
	b, err := blockOf(text, comment)
	agreed, bad := strconv.Atoi(r.PostForm.Get("followers"))
	if err != nil || bad != nil {
		return d.showBlock(w, r, http.StatusUnprocessableEntity, text, comment, "")
	}
	_, err = answers.Block(r.Context(), visitOf(r).Room, []audience.Block{b}, agreed)
	if errors.Is(err, answers.ErrCosts) {
		return d.showBlock(w, r, http.StatusConflict, text, comment, "Meanwhile it would cost more followers than you were told. Nothing was done; look again.")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/blocks", http.StatusSeeOther)
	return nil
}

func (d *Desk) unblock(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	err := answers.Unblock(r.Context(), visitOf(r).Room, r.PostForm.Get("subject"))
	if err != nil && !errors.Is(err, press.ErrNotFound) { // somebody else has ended it
		return err
	}
	http.Redirect(w, r, "/blocks", http.StatusSeeOther)
	return nil
}

// reportsView is what other servers report about us.
type reportsView struct {
	tabs
	Reports []reportLine
	More    bool
}

type reportLine struct {
	ID, Actor, Host, Text string
	When                  instant
	Articles              []press.Article
	Others                []string // what else of ours is reported
}

func (d *Desk) reports(w http.ResponseWriter, r *http.Request) error {
	view := reportsView{tabs: tabsOf(r, "reports")}
	err := d.Store.View(r.Context(), func(tx *storage.Tx) error {
		all, err := tx.Flags(audience.Flag{}, reportsShown+1)
		if err != nil {
			return err
		}
		view.More = len(all) > reportsShown
		for _, f := range all[:min(len(all), reportsShown)] {
			line := reportLine{ID: f.ID, Actor: f.Actor, Host: press.HostOf(f.Actor), Text: f.Content, When: d.instant(r.Context(), f.At)}
			for _, object := range f.Objects {
				a, err := reported(tx, d.Room.Site, object)
				switch {
				case errors.Is(err, press.ErrNotFound):
					line.Others = append(line.Others, object)
				case err != nil:
					return err
				default:
					line.Articles = append(line.Articles, a)
				}
			}
			view.Reports = append(view.Reports, line)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.show(w, r, http.StatusOK, "reports", "Reports", view)
}

// reported is the article that a report names, if it is public or was.
func reported(tx *storage.Tx, site press.Site, object string) (press.Article, error) {
	id, err := site.ArticleRef(object)
	if err != nil {
		return press.Article{}, press.ErrNotFound
	}
	a, err := tx.Article(id)
	if err == nil && a.State != press.Published && a.State != press.Withdrawn {
		err = press.ErrNotFound
	}
	if err == nil && a.State == press.Withdrawn {
		a.Title = ""
	}
	return a, err
}

func (d *Desk) dismissReport(w http.ResponseWriter, r *http.Request) error {
	err := answers.Dismiss(r.Context(), visitOf(r).Room, chi.URLParam(r, "id"))
	if err != nil && !errors.Is(err, press.ErrNotFound) { // somebody else has seen to it
		return err
	}
	http.Redirect(w, r, "/reports", http.StatusSeeOther)
	return nil
}
